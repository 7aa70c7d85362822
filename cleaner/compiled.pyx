# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The innermost loops, compiled. Each has a twin in Python or NumPy that says what it does and gives the same values:
`Scan` that of `scan`, `used_elements`, `naming_words` and `make_blocks` those of `segment_html`, `hopeless` and `without`
those of `first_cut`, `lines` that of `segment_text`, `Look` that of `repair`, `read_words` that of `characters`,
`add_leaves` that of `model`; `tags_opened` only saves work that would find nothing.
Nothing needs this module: where there was no compiler, the twins do the work."""

from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_SET_ITEM
from libc.stdint cimport int16_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memchr, memcmp, memcpy


cdef extern from "Python.h":
    ctypedef struct PyTypeObject:
        object (*tp_alloc)(PyTypeObject* kind, Py_ssize_t items)
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    uint32_t PyUnicode_READ(int kind, void* data, Py_ssize_t index)
    int Py_UNICODE_ISSPACE(uint32_t character)
    object PyUnicode_Substring(object text, Py_ssize_t start, Py_ssize_t end)
    object PyUnicode_FromKindAndData(int kind, const void* buffer, Py_ssize_t size)


# Raised with every change of the arguments below, here and in `native`.
FORM = 2

cdef uint64_t BASE = 0x9E3779B97F4A7C15
cdef uint64_t MIX = 0xD6E8FEB86659FD93


# Blocks that go down the trees side by side: few enough that all they are asked about stays close at hand.
cdef enum:
    LANES = 16


def add_leaves(
    const float[:, ::1] columns, const int16_t[:, ::1] feature, const float[:, ::1] border, const float[:, ::1] leaves,
    float bias, float[::1] result,
):
    """Sum the leaf of each tree for the rows of a table given column by column, (columns, n), into `result`, (n,)."""
    cdef Py_ssize_t trees = feature.shape[0], depth = feature.shape[1], n = result.shape[0], width = columns.shape[0], start, many, k, j
    cdef float sums[LANES]
    cdef float* lanes = <float*>malloc((width or 1) * LANES * sizeof(float))
    if lanes == NULL:
        raise MemoryError
    for start in range(0, n, LANES):
        many = n - start if n - start < LANES else LANES
        for k in range(width):
            for j in range(LANES):
                lanes[k * LANES + j] = columns[k, start + j] if j < many else 0
        for j in range(LANES):
            sums[j] = 0
        if trees:
            _descend(lanes, &feature[0, 0], &border[0, 0], &leaves[0, 0], trees, depth, sums)
        for j in range(many):
            result[start + j] = sums[j] + bias
    free(lanes)


cdef void _descend(
    const float* lanes, const int16_t* feature, const float* border, const float* leaves, Py_ssize_t trees, Py_ssize_t depth, float* sums
) noexcept nogil:
    cdef int place[LANES]
    cdef const float* one
    cdef const float* two
    cdef const float* three
    cdef const float* leaf
    cdef float first, second, third
    cdef Py_ssize_t t, d
    cdef int j
    for t in range(trees):
        for j in range(LANES):
            place[j] = 0
        d = 0
        # Three questions at once: their answers meet in a register.
        while d + 3 <= depth:
            one, two, three = lanes + feature[d] * LANES, lanes + feature[d + 1] * LANES, lanes + feature[d + 2] * LANES
            first, second, third = border[d], border[d + 1], border[d + 2]
            for j in range(LANES):
                place[j] |= ((one[j] > first) | (two[j] > second) << 1 | (three[j] > third) << 2) << d
            d += 3
        while d < depth:
            one, first = lanes + feature[d] * LANES, border[d]
            for j in range(LANES):
                place[j] |= (one[j] > first) << d
            d += 1
        leaf = leaves + (t << depth)
        for j in range(LANES):
            sums[j] += leaf[place[j]]
        feature += depth
        border += depth


def read_words(
    str joined, str folded, const int64_t[::1] lengths, const uint8_t[::1] classes, int last_word_class, int unspaced,
    int64_t[:, ::1] counts, uint8_t[::1] first, uint8_t[::1] last, int64_t[::1] word_block, uint64_t[::1] word_hash,
    int64_t[::1] word_length, uint8_t[::1] word_class, uint64_t[::1] fingerprint,
):
    """Classify the characters of blocks, each `lengths` long with the line break that ends it, and hash their words.

    Gives the number of words. The arrays are filled: `counts` and `fingerprint` come as zeros, those of words with
    room for one word a character.
    """
    cdef int kind = PyUnicode_KIND(joined), folded_kind = PyUnicode_KIND(folded)
    cdef void* data = PyUnicode_DATA(joined)
    cdef void* folded_data = PyUnicode_DATA(folded)
    cdef Py_ssize_t table = classes.shape[0] - 2, block, i, start = 0, stop, begin, found = 0
    cdef uint8_t cls, before
    cdef uint64_t place, value = 0, power = 1
    # Of even and of odd places: the same number raised again at once would have to wait for itself.
    cdef int64_t tally[2][16]
    for block in range(lengths.shape[0]):
        stop = start + lengths[block]
        before = 255
        place = 1
        begin = -1
        for i in range(16):
            tally[0][i] = tally[1][i] = 0
        for i in range(start, stop):
            cls = _class(classes, table, PyUnicode_READ(kind, data, i))
            tally[i & 1][cls] += 1
            if cls <= last_word_class:
                if begin < 0:
                    begin = i
                    word_class[found] = cls
                    value = 0
                    power = 1
                value += (<uint64_t>PyUnicode_READ(folded_kind, folded_data, i) + 1) * power
                power *= BASE
            else:
                if begin >= 0:
                    word_hash[found] = _mixed(value)
                    word_block[found] = block
                    word_length[found] = i - begin
                    fingerprint[block] += word_hash[found] * place
                    place *= BASE
                    found += 1
                    begin = -1
                if cls == unspaced and before == unspaced:
                    # Scripts without spaces: each pair of neighbouring characters stands for a word.
                    word_class[found] = cls
                    value = <uint64_t>PyUnicode_READ(folded_kind, folded_data, i - 1) + 1
                    word_hash[found] = _mixed(value + (<uint64_t>PyUnicode_READ(folded_kind, folded_data, i) + 1) * BASE)
                    word_block[found] = block
                    word_length[found] = 2
                    fingerprint[block] += word_hash[found] * place
                    place *= BASE
                    found += 1
            before = cls
        for i in range(16):
            counts[block, i] = tally[0][i] + tally[1][i]
        first[block] = _class(classes, table, PyUnicode_READ(kind, data, start))
        last[block] = _class(classes, table, PyUnicode_READ(kind, data, stop - 2 if stop - 2 > start else start))
        start = stop
    return found


cdef inline uint8_t _class(const uint8_t[::1] classes, Py_ssize_t table, uint32_t code) noexcept:
    return classes[code if code < table else (table if code < 0x20000 else table + 1)]


cdef inline uint64_t _mixed(uint64_t value) noexcept:
    value = (value ^ (value >> 29)) * MIX
    return value ^ (value >> 32)


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

cdef enum:
    ROLE_SLOTS = 1024
    LONGEST_PACKED = 8


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
    cdef uint64_t packed[ROLE_SLOTS]
    cdef int role[ROLE_SLOTS]

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
        cdef uint64_t packed = 0
        cdef Py_ssize_t at
        if len(tag) > LONGEST_PACKED or not tag.isascii():
            return
        for c in tag:
            packed = packed << 8 | <uint64_t>ord(c)
        at = _slot(packed)
        while self.packed[at]:
            at = (at + 1) % ROLE_SLOTS
        self.packed[at] = packed
        self.role[at] = what | _marks(tag)

    cdef int what(self, Py_ssize_t name, Py_ssize_t name_end) except -1:
        """What the tag at `name` does."""
        cdef uint64_t packed = _packed(self.markup + name, name_end - name)
        cdef Py_ssize_t at
        if packed:
            at = _slot(packed)
            while self.packed[at]:
                if self.packed[at] == packed:
                    return self.role[at]
                at = (at + 1) % ROLE_SLOTS
            return PLAIN
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
            self.length = _without_comments[uint8_t](<const uint8_t*>data, length, self.markup, &tags)
        elif kind == 2:
            self.length = _without_comments[uint16_t](<const uint16_t*>data, length, self.markup, &tags)
        else:
            self.length = _without_comments[uint32_t](<const uint32_t*>data, length, self.markup, &tags)
        self.slots = 16
        while self.slots < 2 * tags:
            self.slots *= 2
        self.table = <Kind*>calloc(self.slots, sizeof(Kind))
        if self.table == NULL:
            raise MemoryError
        return tags + 1

    def read(self, int64_t[:, ::1] elements, int64_t[:, ::1] blocks):
        """Fill the arrays."""
        cdef Py_ssize_t start = _body(self.markup, self.length)
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
            while name_end < length and not _ends_name(markup[name_end]):
                name_end += 1
            end = name_end
            while end < length and markup[end] == c" ":
                i = _attribute(markup, end + 1, length)
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
            self.link_chars += _collapsed(raw + self.gathered, at - self.gathered)
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
            hash = (hash ^ (<uint64_t>markup[i] << 32 | markup[i + 1])) * BASE
            hash ^= hash >> 32
        hash = (hash ^ markup[end - 1] ^ <uint64_t>size << 32) * BASE
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
        cdef uint32_t* raw = self.raw
        cdef Py_ssize_t i = 0, length = self.gathered, at = 0
        cdef uint32_t c
        cdef bint odd = False, gap = False
        while i < length:
            c = raw[i]
            if c == 0:
                return self.readable(PyUnicode_FromKindAndData(4, raw, length))
            i += 1
        i = 0
        while i < length:
            c = _unescaped(raw, &i, length)
            if c >= 0x80 and Py_UNICODE_ISSPACE(c):
                odd = True
            raw[at] = c
            at += 1
        length, at = at, 0
        for i in range(length):
            c = raw[i]
            if c <= 0x20 and (c == 0x20 or 9 <= c <= 13 and (c != 11 or not odd) or not odd and 0x1C <= c <= 0x1F):
                gap = True
            else:
                if gap and at:
                    raw[at] = c" "
                    at += 1
                gap = False
                # In its place at the latest: a space stands for one character or more.
                raw[at] = c
                at += 1
        i = 0
        if odd:
            while at and Py_UNICODE_ISSPACE(raw[at - 1]):
                at -= 1
            while i < at and Py_UNICODE_ISSPACE(raw[i]):
                i += 1
        if at - i >= 2 and raw[at - 1] == c"|" and raw[at - 2] == c" ":
            at -= 2
        return PyUnicode_FromKindAndData(4, raw + i, at - i)


cdef fused Character:
    uint8_t
    uint16_t
    uint32_t


cdef Py_ssize_t _without_comments(const Character* markup, Py_ssize_t length, uint32_t* result, Py_ssize_t* tags) noexcept:
    """Copy markup, but not its comments; how long it is then, and how many "<" it has."""
    cdef Py_ssize_t at = 0, found = 0, end
    cdef bint closed = True
    while at < length:
        if markup[at] == c"<":
            if closed and at + 6 < length and markup[at + 1] == c"!" and markup[at + 2] == c"-" and markup[at + 3] == c"-":
                end = at + 4
                while end + 2 < length and not (markup[end] == c"-" and markup[end + 1] == c"-" and markup[end + 2] == c">"):
                    end += 1
                closed = end + 2 < length
                if closed:
                    at = end + 3
                    continue
            tags[0] += 1
        result[found] = markup[at]
        found += 1
        at += 1
    return found


cdef Py_ssize_t _body(const uint32_t* markup, Py_ssize_t length) noexcept:
    """Where the body's tag begins; the length where there is none."""
    cdef Py_ssize_t i
    for i in range(length - 4):
        if (
            markup[i] == c"<" and markup[i + 1] == c"b" and markup[i + 2] == c"o" and markup[i + 3] == c"d"
            and markup[i + 4] == c"y"
        ):
            return i
    return length


cdef inline uint64_t _packed(const uint32_t* name, Py_ssize_t length) noexcept:
    """A short ASCII tag as a number, 0 for others."""
    cdef uint64_t found = 0
    cdef Py_ssize_t i
    if length > LONGEST_PACKED:
        return 0
    for i in range(length):
        if name[i] >= 0x80:
            return 0
        found = found << 8 | name[i]
    return found


cdef inline Py_ssize_t _slot(uint64_t packed) noexcept:
    return <Py_ssize_t>((packed * BASE) >> 54)


cdef int _marks(str tag):
    return LINK if tag == "a" else CELL if tag == "td" or tag == "th" else PRE if tag == "pre" else BR if tag == "br" else 0


cdef inline uint32_t _unescaped(const uint32_t* text, Py_ssize_t* at, Py_ssize_t length) noexcept:
    """The character at `at`, which moves on behind it: one of lexbor's four escapes is one character."""
    cdef uint32_t c = text[at[0]]
    cdef const uint32_t* t = text + at[0]
    cdef Py_ssize_t left = length - at[0]
    at[0] += 1
    if c != c"&" or left < 4:
        return c
    if (t[1] == c"l" or t[1] == c"g") and t[2] == c"t" and t[3] == c";":
        at[0] += 3
        return c"<" if t[1] == c"l" else c">"
    if left >= 5 and t[1] == c"a" and t[2] == c"m" and t[3] == c"p" and t[4] == c";":
        at[0] += 4
        return c
    if left >= 6 and t[1] == c"n" and t[2] == c"b" and t[3] == c"s" and t[4] == c"p" and t[5] == c";":
        at[0] += 5
        return 0xA0
    return c


cdef Py_ssize_t _collapsed(const uint32_t* text, Py_ssize_t length) noexcept:
    """Characters left, without escapes, when each run of white space is one space, and none stands at the start."""
    cdef Py_ssize_t i = 0, count = 0, gaps = 0
    cdef uint32_t c = 0
    cdef bint space = True
    while i < length:
        c = _unescaped(text, &i, length)
        if Py_UNICODE_ISSPACE(c):
            space = True
        else:
            if space and count:
                gaps += 1
            space = False
            count += 1
    return count + gaps + (c == c" ")


cdef inline bint _ends_name(uint32_t c) noexcept:
    return c == c"/" or c == c">" or Py_UNICODE_ISSPACE(c)


cdef Py_ssize_t _attribute(const uint32_t* markup, Py_ssize_t at, Py_ssize_t length) noexcept:
    """Where the attribute ends whose name begins at `at`, -1 where it is none: name="value"."""
    cdef Py_ssize_t i = _value(markup, at + 1, length) if at < length and markup[at] == c"=" else -1
    return i if i >= 0 else _value(markup, at, length)


cdef Py_ssize_t _value(const uint32_t* markup, Py_ssize_t at, Py_ssize_t length) noexcept:
    cdef uint32_t c
    while at < length:
        c = markup[at]
        if c == c"=" or c == c">" or Py_UNICODE_ISSPACE(c):
            break
        at += 1
    if at + 1 >= length or markup[at] != c"=" or markup[at + 1] != c'"':
        return -1
    at += 2
    while at < length:
        if markup[at] == c'"':
            return at + 1
        at += 1
    return -1


def tags_opened(bytes page, list tags):
    """Those of the tags, in small letters, that a page in UTF-8 may open: "<" stands before the name, however it goes on."""
    cdef const char* start = page
    cdef const char* stop = start + len(page)
    cdef const char* at = start
    cdef const char* name
    cdef Py_ssize_t i, n = len(tags), length
    cdef list names = [tag.encode() for tag in tags]
    # The tags that begin with a letter, as bits.
    cdef uint64_t by_letter[26]
    cdef uint64_t open = 0, bits
    cdef int c
    if n > 64:
        return tags
    for c in range(26):
        by_letter[c] = 0
    for i in range(n):
        by_letter[(<bytes>names[i])[0] - c"a"] |= <uint64_t>1 << i
    while at < stop:
        at = <const char*>memchr(at, c"<", stop - at)
        if at == NULL or at + 1 >= stop:
            break
        at += 1
        c = (at[0] | 0x20) - c"a"
        if not 0 <= c < 26:
            continue
        bits = by_letter[c] & ~open
        for i in range(n):
            if not bits >> i:
                break
            if bits >> i & 1:
                name = names[i]
                length = len(<bytes>names[i])
                if stop - at >= length and _same_letters(at, name, length):
                    open |= <uint64_t>1 << i
    return [tag for i, tag in enumerate(tags) if open >> i & 1]


cdef bint _same_letters(const char* text, const char* small, Py_ssize_t length) noexcept:
    """Whether a text begins with these small ASCII letters, in small or capital ones."""
    cdef Py_ssize_t i
    for i in range(length):
        if text[i] | 0x20 != small[i]:
            return False
    return True


def used_elements(
    const int64_t[:, :] elements, Py_ssize_t texts, int64_t[::1] new, int64_t[:, ::1] used, uint8_t[::1] used_kinds
):
    """Number the elements anew that hold at least one of `texts` blocks, -1 the others, into `new`; their columns into
    `used`, the kinds that they are of into `used_kinds`, which comes as zeros. Gives how many they are."""
    cdef Py_ssize_t i, m = elements.shape[1], found = 0
    cdef int64_t last
    for i in range(m):
        last = elements[4, i]
        if last < 0:
            last = texts
        if last <= elements[3, i]:
            new[i] = -1
            continue
        # What is around an element of this kind is of it too, and has its number already.
        used[0, found] = new[elements[0, i]] if elements[0, i] >= 0 else -1
        used[1, found] = elements[1, i]
        used[2, found] = elements[2, i]
        used[3, found] = elements[3, i]
        used[4, found] = last
        used_kinds[elements[2, i]] = 1
        new[i] = found
        found += 1
    return found


def naming_words(str attributes, frozenset names):
    """The values of the attributes that are in `names`, parted by spaces."""
    cdef int kind = PyUnicode_KIND(attributes)
    cdef void* data = PyUnicode_DATA(attributes)
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(attributes), at = 0, end, value
    cdef uint32_t c
    words = None
    while at < length:
        if PyUnicode_READ(kind, data, at) != c" ":
            at += 1
            continue
        at += 1
        end = at
        while end < length:
            c = PyUnicode_READ(kind, data, end)
            if not (c"a" <= c <= c"z" or c == c"-"):
                break
            end += 1
        value = end + 2
        if value >= length or PyUnicode_READ(kind, data, end) != c"=" or PyUnicode_READ(kind, data, end + 1) != c'"':
            continue
        if PyUnicode_Substring(attributes, at, end) not in names:
            continue
        end = value
        while end < length and PyUnicode_READ(kind, data, end) != c'"':
            end += 1
        if end > value and end < length:
            word = PyUnicode_Substring(attributes, value, end)
            words = word if words is None else <str>words + " " + <str>word
            at = end + 1
    return words or ""


def make_blocks(
    type block, list texts, list tags, const int64_t[::1] kinds, const int64_t[::1] nodes, const int64_t[:] links, const int64_t[:] glued
):
    """Blocks of these texts one after another, one character apart; `kinds` index `tags`. `block` is `block.Block`."""
    cdef Py_ssize_t n = len(texts), i, start = 0, end
    cdef list found = [None] * n
    cdef tuple fields
    for i in range(n):
        end = start + PyUnicode_GET_LENGTH(texts[i])
        fields = (start, end, tags[kinds[i]], nodes[i], links[i], glued[i] != 0)
        found[i] = _typed(block, fields)
        start = end + 1
    return tuple(found)


cdef object _typed(type named, tuple fields):
    """A named tuple of these fields."""
    cdef Py_ssize_t i, n = len(fields)
    made = (<PyTypeObject*>named).tp_alloc(<PyTypeObject*>named, n)
    for i in range(n):
        item = fields[i]
        Py_INCREF(item)
        PyTuple_SET_ITEM(made, i, item)
    return made


# The numbers of `first_cut`.
cdef enum:
    MENU = 1
    CONTROL = 2
    FOOTER = 4
    ARTICLE = 8


def hopeless(
    tuple blocks, const int64_t[::1] parent, const int64_t[::1] first, const int64_t[::1] last, const int64_t[::1] kind,
    const int64_t[::1] flags, Py_ssize_t most_chars, double all_link, double link_container, double footer_links,
    uint8_t[::1] dropped,
):
    """Which blocks are surely no body, into `dropped`; `flags` are those of each kind of element."""
    cdef Py_ssize_t n = len(blocks), m = parent.shape[0], i, two
    cdef int64_t chars, node
    cdef double own
    cdef int64_t* around = <int64_t*>malloc((m + 4 * (n + 1)) * sizeof(int64_t))
    cdef int64_t* links = around + m  # before each block
    cdef int64_t* total = links + n + 1
    cdef int64_t* nodes = total + n + 1
    if around == NULL:
        raise MemoryError
    try:
        for i in range(m):
            around[i] = flags[kind[i]] | (around[parent[i]] if parent[i] >= 0 else 0)
        links[0] = total[0] = 0
        for i in range(n):
            block = <tuple>blocks[i]
            node = (<tuple>block)[3]
            if not 0 <= node < m:
                raise IndexError(f"block {i} is in element {node} of {m}")
            nodes[i] = node
            links[i + 1] = links[i] + <int64_t>(<tuple>block)[4]
            total[i + 1] = total[i] + <int64_t>(<tuple>block)[1] - <int64_t>(<tuple>block)[0]
        for i in range(n):
            chars = total[i + 1] - total[i]
            own = <double>(links[i + 1] - links[i]) / <double>max(chars, 1)
            node = nodes[i]
            if chars > most_chars:
                dropped[i] = 0
            elif around[node] & (MENU | CONTROL):
                dropped[i] = 1
            elif around[node] & FOOTER and not around[node] & ARTICLE and own > footer_links:
                dropped[i] = 1
            else:
                two = parent[node] if parent[node] >= 0 else node
                two = parent[two] if parent[two] >= 0 else two
                dropped[i] = own >= all_link and (
                    <double>(links[last[two]] - links[first[two]]) / <double>max(total[last[two]] - total[first[two]], 1) >= link_container
                )
    finally:
        free(around)


def without(tuple blocks, const uint8_t[::1] dropped, const int64_t[::1] first, const int64_t[::1] last, int64_t[:, ::1] smaller):
    """The blocks not dropped; into `smaller` the first and last block of each element among them, and how many characters it
    lost."""
    cdef Py_ssize_t n = len(blocks), i
    cdef int64_t* before = <int64_t*>malloc(2 * (n + 1) * sizeof(int64_t))
    cdef int64_t* cut = before + n + 1
    cdef list kept = []
    if before == NULL:
        raise MemoryError
    try:
        before[0] = cut[0] = 0
        for i in range(n):
            before[i + 1] = before[i] + (not dropped[i])
            cut[i + 1] = cut[i]
            block = blocks[i]
            if dropped[i]:
                cut[i + 1] += <int64_t>(<tuple>block)[1] - <int64_t>(<tuple>block)[0]
            else:
                kept.append(block)
        for i in range(first.shape[0]):
            smaller[0, i] = before[first[i]]
            smaller[1, i] = before[last[i]]
            smaller[2, i] = cut[last[i]] - cut[first[i]]
    finally:
        free(before)
    return tuple(kept)


def lines(str text, type block):
    """The lines of a text that hold more than white space, as blocks without the white space around them."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), at = 0, start, end
    cdef uint32_t c
    cdef list found = []
    while at < length:
        start = -1
        while at < length:
            c = PyUnicode_READ(kind, data, at)
            at += 1
            if c <= 0x20 or c == 0x85 or c == 0xA0 or c >= 0x1680:
                if 10 <= c <= 13 or c == 0x85 or c == 0x2028 or c == 0x2029:
                    break
                if Py_UNICODE_ISSPACE(c):
                    continue
            if start < 0:
                start = at - 1
            end = at
        if start >= 0:
            found.append(_typed(block, (start, end, "line", -1, 0, False)))
    return found


cdef class Look:
    """A look at a text for single characters, and for leads that another character follows which is not ASCII."""

    cdef uint8_t seen[0x10000]

    def __init__(self, str damage, str leads):
        for c in damage:
            self.seen[ord(c)] |= 1
        for c in leads:
            self.seen[ord(c)] |= 2

    def at(self, str text):
        """1 where one of the characters is in the text, 2 where one of the leads is before another, the sum where both are."""
        cdef int kind = PyUnicode_KIND(text), found = 0, seen, before = 0
        cdef void* data = PyUnicode_DATA(text)
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i
        cdef uint32_t c
        if text.isascii():
            return 0
        for i in range(length):
            c = PyUnicode_READ(kind, data, i)
            if c < 0x80:
                before = 0
                continue
            seen = self.seen[c] if c < 0x10000 else 0
            found |= seen & 1 | before
            before = seen & 2
        return found
