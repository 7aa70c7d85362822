# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The innermost loops, compiled. Each has a twin in Python or NumPy that says what it does and gives the same values:
`Scan` that of `scan`, `read_words` that of `characters`, `add_leaves` that of `model`. Nothing needs this module: where
there was no compiler, the twins do the work."""

from libc.stdint cimport int16_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc


cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    uint32_t PyUnicode_READ(int kind, void* data, Py_ssize_t index)
    int Py_UNICODE_ISSPACE(uint32_t character)
    object PyUnicode_Substring(object text, Py_ssize_t start, Py_ssize_t end)


# Raised with every change of the arguments below, here and in `native`.
FORM = 1

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


cdef class Scan:
    """What `scan.Scan` reads of a page's markup, as arrays and lists.

    `elements` (5, m): parent, depth, kind, first and last block of each element; `blocks` (3, n): element, characters in
    links, glued. `kinds` numbers the pairs of tag and attributes, `texts` are the blocks'.
    """

    cdef public dict kinds
    cdef public list texts
    cdef dict roles
    cdef str markup
    cdef object unescaped
    cdef object readable
    cdef int64_t[:, ::1] elements
    cdef int64_t[:, ::1] blocks
    cdef list pieces
    cdef public Py_ssize_t elements_read
    cdef Py_ssize_t current, depth, link_chars, inline_depth, lead_depth, lead_end, in_link, in_pre, row_chars
    cdef bint glued
    cdef tuple lead

    def __init__(self, dict roles, object unescaped, object readable, Py_ssize_t row_chars):
        self.roles = roles
        self.unescaped = unescaped
        self.readable = readable
        self.row_chars = row_chars
        self.kinds = {}
        self.texts = []
        self.pieces = []
        self.current = self.depth = self.lead_end = -1
        self.lead = None

    def read(self, str markup, int64_t[:, ::1] elements, int64_t[:, ::1] blocks):
        """Fill the arrays, which have room for one element and one block a tag."""
        cdef int kind = PyUnicode_KIND(markup)
        cdef void* data = PyUnicode_DATA(markup)
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(markup), at = 0, name, name_end, end, text_end, i
        cdef bint closing
        cdef object role
        cdef int what
        self.markup = markup
        self.elements = elements
        self.blocks = blocks
        while True:
            while at < length and PyUnicode_READ(kind, data, at) != c"<":
                at += 1
            if at >= length:
                break
            at += 1
            name = at
            closing = name < length and PyUnicode_READ(kind, data, name) == c"/"
            if closing:
                name += 1
            if name >= length or not c"a" <= PyUnicode_READ(kind, data, name) <= c"z":
                continue
            name_end = name + 1
            while name_end < length and not _ends_name(PyUnicode_READ(kind, data, name_end)):
                name_end += 1
            end = name_end
            while end < length and PyUnicode_READ(kind, data, end) == c" ":
                i = _attribute(kind, data, end + 1, length)
                if i < 0:
                    break
                end = i
            if end >= length or PyUnicode_READ(kind, data, end) != c">":
                continue
            text_end = end + 1
            while text_end < length and PyUnicode_READ(kind, data, text_end) != c"<":
                text_end += 1
            tag = PyUnicode_Substring(markup, name, name_end)
            role = self.roles.get(tag)
            what = PLAIN if role is None else role
            if what == PLAIN:
                if self.pieces:
                    self.flush()
                self.move(closing, tag, name_end, end)
            elif what == TEXT:
                self.inline(closing, tag, name_end, end)
            elif what == SPECIAL:
                self.special(closing, tag, name_end, end)
            if text_end > end + 1:
                self.take(kind, data, end + 1, text_end)
            at = text_end
        if self.pieces:
            self.flush()

    cdef void take(self, int kind, void* data, Py_ssize_t start, Py_ssize_t end) except *:
        """Text between two tags."""
        cdef Py_ssize_t i
        if not self.pieces:
            for i in range(start, end):
                # White space of <pre> is dropped at its edges alike.
                if not Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, i)):
                    break
            else:
                if not self.in_pre:
                    return
        text = PyUnicode_Substring(self.markup, start, end)
        if self.in_pre:
            text = (<str>text).replace("\n", "\x00")
            if not self.pieces and (<str>text).isspace():
                return
        self.pieces.append(text)
        if self.in_link > 0:
            self.link_chars += _collapsed(self.unescaped(text) if "&" in <str>text else text)

    cdef void inline(self, bint closing, str tag, Py_ssize_t name_end, Py_ssize_t end) except *:
        if closing:
            self.inline_depth -= 1
            self.in_link -= tag == "a"
            if self.lead is not None and self.lead_end < 0 and self.inline_depth == self.lead_depth:
                self.lead_end = len(self.pieces)
            return
        if end > name_end and not self.pieces and self.lead is None and tag != "a":
            self.lead = (tag, PyUnicode_Substring(self.markup, name_end, end))
            self.lead_depth = self.inline_depth
            self.lead_end = -1
        self.inline_depth += 1
        self.in_link += tag == "a"

    cdef void special(self, bint closing, str tag, Py_ssize_t name_end, Py_ssize_t end) except *:
        """A tag that parts blocks in a way of its own: br, hr and other void ones, pre, table cells."""
        if tag == "td" or tag == "th":
            self.cell(closing)
        elif self.pieces:
            self.flush()
        if tag == "pre":
            self.in_pre += -1 if closing else 1
        elif tag != "td" and tag != "th":
            self.glued = tag == "br" and len(self.texts) > 0
            return
        self.move(closing, tag, name_end, end)

    cdef void cell(self, bint closing) except *:
        cdef Py_ssize_t total = 0
        if not self.pieces:
            return
        for piece in self.pieces:
            total += len(<str>piece)
        if total > self.row_chars:
            self.flush()
        elif not closing:
            self.pieces.append(" | ")

    cdef void move(self, bint closing, str tag, Py_ssize_t name_end, Py_ssize_t end) except *:
        """Enter or leave an element of the tree."""
        self.lead = None
        self.glued = False
        if not closing:
            self.current = self.open((tag, PyUnicode_Substring(self.markup, name_end, end)))
            self.depth += 1
        elif self.current >= 0:
            self.elements[4, self.current] = len(self.texts)
            self.current = self.elements[0, self.current]
            self.depth -= 1

    cdef Py_ssize_t open(self, tuple pair) except -1:
        cdef Py_ssize_t m = self.elements_read
        number = self.kinds.get(pair)
        if number is None:
            number = self.kinds[pair] = len(self.kinds)
        self.elements[0, m] = self.current
        self.elements[1, m] = self.depth + 1
        self.elements[2, m] = number
        self.elements[3, m] = len(self.texts)
        self.elements[4, m] = -1
        self.elements_read = m + 1
        return m

    cdef void flush(self) except *:
        """End the block that is being read."""
        cdef Py_ssize_t node, n
        cdef bint alone = True
        text = self.readable(self.pieces[0] if len(self.pieces) == 1 else "".join(self.pieces))
        if text:
            node = self.current
            if self.lead is not None:
                if self.lead_end >= 0:
                    for piece in self.pieces[self.lead_end :]:
                        if (<str>piece).strip():
                            alone = False
                            break
                if alone:
                    node = self.open(self.lead)
                    self.elements[4, node] = len(self.texts) + 1
            n = len(self.texts)
            self.texts.append(text)
            self.blocks[0, n] = node
            self.blocks[1, n] = min(self.link_chars, len(<str>text))
            self.blocks[2, n] = self.glued
        self.pieces.clear()
        self.link_chars = 0
        self.lead = None


cdef Py_ssize_t _collapsed(str text) noexcept:
    """Characters left when each run of white space is one space, and none stands at the start."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t i, count = 0, gaps = 0, length = PyUnicode_GET_LENGTH(text)
    cdef bint space = True
    for i in range(length):
        if Py_UNICODE_ISSPACE(PyUnicode_READ(kind, data, i)):
            space = True
        else:
            gaps += space and count > 0
            space = False
            count += 1
    return count + gaps + (PyUnicode_READ(kind, data, length - 1) == c" ")


cdef inline bint _ends_name(uint32_t c) noexcept:
    return c == c"/" or c == c">" or Py_UNICODE_ISSPACE(c)


cdef Py_ssize_t _attribute(int kind, void* data, Py_ssize_t at, Py_ssize_t length) noexcept:
    """Where the attribute ends whose name begins at `at`, -1 where it is none: name="value"."""
    cdef Py_ssize_t i = _value(kind, data, at + 1, length) if at < length and PyUnicode_READ(kind, data, at) == c"=" else -1
    return i if i >= 0 else _value(kind, data, at, length)


cdef Py_ssize_t _value(int kind, void* data, Py_ssize_t at, Py_ssize_t length) noexcept:
    cdef uint32_t c
    while at < length:
        c = PyUnicode_READ(kind, data, at)
        if c == c"=" or c == c">" or Py_UNICODE_ISSPACE(c):
            break
        at += 1
    if at + 1 >= length or PyUnicode_READ(kind, data, at) != c"=" or PyUnicode_READ(kind, data, at + 1) != c'"':
        return -1
    at += 2
    while at < length:
        if PyUnicode_READ(kind, data, at) == c'"':
            return at + 1
        at += 1
    return -1
