# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The scan of a page's markup, compiled: `Scan` is the twin of that in `scan` and gives the same values.

Nothing needs this module: where there was no compiler, the twin does the work."""

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcmp, memcpy

from compiled_markup cimport (
    LONGEST_PACKED, Roles, attribute_end, body_start, collapsed, ends_name, folded, mixed, packed, slot, without_comments
)
from compiled_strings cimport Py_UNICODE_ISSPACE, PyUnicode_DATA, PyUnicode_FromKindAndData, PyUnicode_GET_LENGTH, PyUnicode_KIND

# Raised with every change of the arguments below, here and in `native`.
FORM = 1

# What a tag does to the text around it: the numbers of `scan`.
cdef enum:
    SILENT = 0
    TEXT = 1
    SPECIAL = 2
    PLAIN = 3
    # Tags that `scan` tells by their names.
    LINK = 4
    CELL = 8
    PRE = 16
    BR = 32


cdef struct Kind:
    uint64_t hash
    Py_ssize_t start  # of the tag's name in the markup
    Py_ssize_t end  # of its attributes
    Py_ssize_t number
    bint used


cdef class Scan:
    """What `scan.Scan` reads of a page's markup, as arrays and lists.

    `elements` (5, m): parent, depth, kind, first and last block of each element; `blocks` (3, n): element, characters in
    links, glued. `kinds` numbers the pairs of tag and attributes, `texts` are the blocks'. No text between two tags is
    made a string of its own: they are gathered in `raw` until the block ends.
    """

    cdef public list kinds
    cdef public list texts
    cdef public str head
    cdef dict roles
    cdef object readable
    cdef int64_t[:, ::1] elements
    cdef int64_t[:, ::1] blocks
    cdef public Py_ssize_t elements_read
    cdef Py_ssize_t current, depth, link_chars, inline_depth, lead_depth, lead_end, in_link, in_pre, row_chars, gathered
    cdef Py_ssize_t lead, lead_name_end, lead_tag_end, slots, length
    cdef bint glued
    cdef uint32_t* markup
    cdef uint32_t* raw
    cdef Kind* table
    cdef Roles known

    def __init__(self, dict roles, object readable, Py_ssize_t row_chars):
        self.roles = roles
        self.readable = readable
        self.row_chars = row_chars
        self.kinds = []
        self.texts = []
        self.current = self.depth = self.lead_end = self.lead = -1
        for tag, what in roles.items():
            self.learn(tag, what)

    def __dealloc__(self):
        free(self.markup)
        free(self.raw)
        free(self.table)

    cdef void learn(self, str tag, int what) except *:
        """Put a short tag's role where it is found without making a string of the tag."""
        cdef uint64_t number = 0
        cdef Py_ssize_t at
        if len(tag) > LONGEST_PACKED or not tag.isascii():
            return
        for c in tag:
            number = number << 8 | <uint64_t>ord(c)
        at = slot(&self.known, number)
        self.known.packed[at] = number
        self.known.role[at] = what | _marks(tag)

    cdef int what(self, Py_ssize_t name, Py_ssize_t name_end) except -1:
        """What the tag at `name` does."""
        cdef uint64_t number = packed(self.markup + name, name_end - name)
        cdef Py_ssize_t at
        if number:
            at = slot(&self.known, number)
            return self.known.role[at] if self.known.packed[at] else PLAIN
        tag = self.string(name, name_end)
        role = self.roles.get(tag)
        return PLAIN if role is None else <int>role | _marks(tag)

    cdef inline object string(self, Py_ssize_t start, Py_ssize_t end):
        return PyUnicode_FromKindAndData(4, self.markup + start, end - start)

    def load(self, str markup):
        """Take what lexbor wrote, less its comments. Gives how many elements and blocks `read` needs room for, at most."""
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(markup), tags = 0
        cdef int kind = PyUnicode_KIND(markup)
        cdef void* data = PyUnicode_DATA(markup)
        self.markup = <uint32_t*>malloc((length + 1) * sizeof(uint32_t))
        # All that is gathered stands in the markup, and a row's separators are no longer than the tags that they stand for.
        self.raw = <uint32_t*>malloc((length + 1) * sizeof(uint32_t))
        if self.markup == NULL or self.raw == NULL:
            raise MemoryError
        if kind == 1:
            self.length = without_comments[uint8_t](<const uint8_t*>data, length, self.markup, &tags)
        elif kind == 2:
            self.length = without_comments[uint16_t](<const uint16_t*>data, length, self.markup, &tags)
        else:
            self.length = without_comments[uint32_t](<const uint32_t*>data, length, self.markup, &tags)
        self.slots = 16
        while self.slots < 2 * tags:
            self.slots *= 2
        self.table = <Kind*>calloc(self.slots, sizeof(Kind))
        if self.table == NULL:
            raise MemoryError
        return tags + 1

    def read(self, int64_t[:, ::1] elements, int64_t[:, ::1] blocks):
        """Fill the arrays."""
        cdef Py_ssize_t start = body_start(self.markup, self.length)
        self.elements = elements
        self.blocks = blocks
        self.head = self.string(0, start)
        # Without a body, or with one cut off in its tag, all is read.
        self.feed(start if start + 5 < self.length else 0)
        if self.gathered:
            self.flush()

    cdef void feed(self, Py_ssize_t at) except *:
        cdef const uint32_t* markup = self.markup
        cdef Py_ssize_t length = self.length, name, name_end, end, text_end, i
        cdef bint closing
        cdef int what
        while True:
            while at < length and markup[at] != c"<":
                at += 1
            if at >= length:
                break
            at += 1
            name = at
            closing = name < length and markup[name] == c"/"
            if closing:
                name += 1
            if name >= length or not c"a" <= markup[name] <= c"z":
                continue
            name_end = name + 1
            while name_end < length and not ends_name(markup[name_end]):
                name_end += 1
            end = name_end
            while end < length and markup[end] == c" ":
                i = attribute_end(markup, end + 1, length)
                if i < 0:
                    break
                end = i
            if end >= length or markup[end] != c">":
                continue
            text_end = end + 1
            while text_end < length and markup[text_end] != c"<":
                text_end += 1
            what = self.what(name, name_end)
            if what & PLAIN == PLAIN:
                if self.gathered:
                    self.flush()
                self.move(closing, name, name_end, end)
            elif what & TEXT:
                self.inline(what, closing, name, name_end, end)
            elif what & SPECIAL:
                self.special(what, closing, name, name_end, end)
            if text_end > end + 1:
                self.take(end + 1, text_end)
            at = text_end

    cdef void take(self, Py_ssize_t start, Py_ssize_t end) noexcept:
        """Text between two tags."""
        cdef const uint32_t* markup = self.markup
        cdef uint32_t* raw = self.raw
        cdef Py_ssize_t i, at = self.gathered
        cdef uint32_t c
        if not at:
            for i in range(start, end):
                c = markup[i]
                # Line breaks of <pre> count.
                if not Py_UNICODE_ISSPACE(c) or (self.in_pre and c == c"\n"):
                    break
            else:
                return
        memcpy(raw + at, markup + start, (end - start) * sizeof(uint32_t))
        at += end - start
        if self.in_pre:
            for i in range(self.gathered, at):
                if raw[i] == c"\n":
                    raw[i] = 0
        if self.in_link > 0:
            self.link_chars += collapsed(raw + self.gathered, at - self.gathered)
        self.gathered = at

    cdef void inline(self, int what, bint closing, Py_ssize_t name, Py_ssize_t name_end, Py_ssize_t end) noexcept:
        cdef bint link = what & LINK != 0
        if closing:
            self.inline_depth -= 1
            self.in_link -= link
            if self.lead >= 0 and self.lead_end < 0 and self.inline_depth == self.lead_depth:
                self.lead_end = self.gathered
            return
        if end > name_end and not self.gathered and self.lead < 0 and not link:
            self.lead, self.lead_name_end, self.lead_tag_end = name, name_end, end
            self.lead_depth = self.inline_depth
            self.lead_end = -1
        self.inline_depth += 1
        self.in_link += link

    cdef void special(self, int what, bint closing, Py_ssize_t name, Py_ssize_t name_end, Py_ssize_t end) except *:
        """A tag that parts blocks in a way of its own: br, hr and other void ones, pre, table cells."""
        if what & CELL:
            self.cell(closing)
        elif self.gathered:
            self.flush()
        if what & PRE:
            self.in_pre += -1 if closing else 1
        elif not what & CELL:
            self.glued = what & BR and len(self.texts) > 0
            return
        self.move(closing, name, name_end, end)

    cdef void cell(self, bint closing) except *:
        if not self.gathered:
            return
        if self.gathered > self.row_chars:
            self.flush()
        elif not closing:
            for c in b" | ":
                self.raw[self.gathered] = c
                self.gathered += 1

    cdef void move(self, bint closing, Py_ssize_t name, Py_ssize_t name_end, Py_ssize_t end) except *:
        """Enter or leave an element of the tree."""
        self.lead = -1
        self.glued = False
        if not closing:
            self.current = self.open(name, name_end, end)
            self.depth += 1
        elif self.current >= 0:
            self.elements[4, self.current] = len(self.texts)
            self.current = self.elements[0, self.current]
            self.depth -= 1

    cdef Py_ssize_t open(self, Py_ssize_t name, Py_ssize_t name_end, Py_ssize_t end) except -1:
        cdef Py_ssize_t m = self.elements_read
        self.elements[0, m] = self.current
        self.elements[1, m] = self.depth + 1
        self.elements[2, m] = self.number(name, name_end, end)
        self.elements[3, m] = len(self.texts)
        self.elements[4, m] = -1
        self.elements_read = m + 1
        return m

    cdef Py_ssize_t number(self, Py_ssize_t name, Py_ssize_t name_end, Py_ssize_t end) except -1:
        """The number of an element's kind: what is the same from the tag's name to its end."""
        cdef const uint32_t* markup = self.markup
        cdef uint64_t hash = 0
        cdef Py_ssize_t i, at, size = end - name
        cdef Kind* entry
        for i in range(name, end - 1, 2):
            hash = mixed(hash ^ (<uint64_t>markup[i] << 32 | markup[i + 1]))
            hash ^= hash >> 32
        hash = mixed(hash ^ markup[end - 1] ^ <uint64_t>size << 32)
        hash ^= hash >> 32
        at = <Py_ssize_t>(hash & <uint64_t>(self.slots - 1))
        while True:
            entry = &self.table[at]
            if not entry.used:
                break
            if entry.hash == hash and entry.end - entry.start == size and not memcmp(
                markup + entry.start, markup + name, size * sizeof(uint32_t)
            ):
                return entry.number
            at = (at + 1) & (self.slots - 1)
        entry.hash, entry.start, entry.end, entry.used = hash, name, end, True
        entry.number = len(self.kinds)
        self.kinds.append((self.string(name, name_end), self.string(name_end, end)))
        return entry.number

    cdef void flush(self) except *:
        """End the block that is being read."""
        cdef Py_ssize_t node, n, i
        cdef bint alone = True
        if self.lead >= 0 and self.lead_end >= 0:
            for i in range(self.lead_end, self.gathered):
                if not Py_UNICODE_ISSPACE(self.raw[i]):
                    alone = False
                    break
        text = self.text()
        if text:
            node = self.current
            if self.lead >= 0 and alone:
                node = self.open(self.lead, self.lead_name_end, self.lead_tag_end)
                self.elements[4, node] = len(self.texts) + 1
            n = len(self.texts)
            self.texts.append(text)
            self.blocks[0, n] = node
            self.blocks[1, n] = min(self.link_chars, len(<str>text))
            self.blocks[2, n] = self.glued
        self.gathered = 0
        self.link_chars = 0
        self.lead = -1

    cdef object text(self):
        """What `scan.readable` makes of the text gathered."""
        cdef Py_ssize_t i, start, length = self.gathered
        for i in range(length):
            if self.raw[i] == 0:
                return self.readable(PyUnicode_FromKindAndData(4, self.raw, length))
        start = folded(self.raw, &length)
        return PyUnicode_FromKindAndData(4, self.raw + start, length)


cdef int _marks(str tag):
    return LINK if tag == "a" else CELL if tag == "td" or tag == "th" else PRE if tag == "pre" else BR if tag == "br" else 0
