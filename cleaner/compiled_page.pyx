# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The columns of features that a page's elements give, compiled.

`fill_dom` fills the table of `features_dom`, `fill_pass_dom` that of `features_context`, with the same values to the last
bit; `squash` is the twin of that in `title`, `groups_of` of that in `class_words`. Logarithms of whole columns are NumPy's,
whose last bit no other function has.
"""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memset

from compiled_columns cimport (
    PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ, at_least_one, at_most, fill, over, overlap, shift, within
)

import numpy


cdef extern from "Python.h":
    bint Py_UNICODE_ISALNUM(uint32_t character)
    object PyUnicode_FromKindAndData(int kind, const void* data, Py_ssize_t size)
    object PyUnicode_FromStringAndSize(const char* data, Py_ssize_t size)
    int PyUnicode_4BYTE_KIND


# Raised with every change of the arguments below, here and in `native`.
FORM = 1

# What `features_dom.FEATURES` has before and after its groups of columns.
cdef enum:
    LINK_DENSITY, DEPTH, HEADING, INLINE_ELEMENT, GLUED, CUSTOM_ELEMENT, TAGS
cdef enum:
    PROSE_SHARE, CONTAINER_LINKS, CONTAINER_PROSE, CONTAINER_BLOCKS, A_LEVEL
    IN_MAIN = 12
    MAIN_DISTANCE, BELOW_MAIN, CORE_PARENT, CORE_DISTANCE, BEFORE_CORE, AFTER_CORE, SAME_ELEMENT, SAME_PARENT, SAME_GRANDPARENT
    SAME_AS_CORE, IN_DESCRIPTION, DESCRIPTION_SHARE, IN_ARTICLE_BODY, SINCE_H1, JOINED_PREV, JOINED_NEXT, AROUND, ALL_AROUND = 35

# The rows of `features_context.PASS_DOM_FEATURES`.
cdef enum:
    PASS_WITHIN, PASS_SAME_ELEMENT = 3, PASS_SAME_PARENT, PASS_DOM_COLUMNS

cdef double MAIN_SHARE = 0.6


def dom_columns(Py_ssize_t tags, Py_ssize_t inside, Py_ssize_t names):
    """How many columns `fill_dom` fills for so many tags, elements around and groups of names."""
    return TAGS + tags + inside + 2 * names + ALL_AROUND


def pass_dom_columns():
    """How many columns `fill_pass_dom` fills."""
    return PASS_DOM_COLUMNS


cdef struct Element:
    # What the kind of an element says, once it is `known`.
    int64_t known, tag, heading, inline, custom, inside, named


cdef class Page:
    """A page of n blocks and m elements while `fill_dom` looks at it."""

    cdef Py_ssize_t n, m, kinds
    cdef const int64_t[:] parent, depth, first, last, cut, kind
    cdef const uint8_t[::1] prose
    cdef const float[::1] words
    cdef bytearray room
    # The block's element and those one, two and three above, (4, n).
    cdef int64_t* node
    # The block's unlinked words of prose, (n,).
    cdef double* own
    # Sums over the blocks before each, (n + 1,).
    cdef double* unlinked
    cdef double* links
    cdef double* chars
    cdef double* all_words
    # By element: tags and names around it as bits, how deep what it shares with another is, the prose directly in it.
    cdef int64_t* inside
    cdef int64_t* named
    cdef int64_t* shared
    cdef double* direct
    # By kind of element: what it says, how many there are, the prose in those of the core.
    cdef Element* facts
    cdef int64_t* count
    cdef double* core_prose

    def __cinit__(self, Py_ssize_t n, object tree, object text):
        cdef Py_ssize_t m = len(tree.parent), kinds = len(tree.names), i
        self.n, self.m, self.kinds = n, m, kinds
        self.parent, self.depth, self.first, self.last = tree.parent, tree.depth, tree.first, tree.last
        self.cut, self.kind = tree.cut_chars, tree.kind
        self.prose = text.prose.view(numpy.uint8)
        self.words = text.words
        self.room = bytearray((9 * n + 4 + 4 * m + 2 * kinds) * 8 + kinds * sizeof(Element))
        self.node = <int64_t*><char*>self.room
        self.own = <double*>(self.node + 4 * n)
        self.unlinked = self.own + n
        self.links = self.unlinked + n + 1
        self.chars = self.links + n + 1
        self.all_words = self.chars + n + 1
        self.inside = <int64_t*>(self.all_words + n + 1)
        self.named = self.inside + m
        self.shared = self.named + m
        self.direct = <double*>(self.shared + m)
        self.count = <int64_t*>(self.direct + m)
        self.core_prose = <double*>(self.count + kinds)
        self.facts = <Element*>(self.core_prose + kinds)
        for i in range(m):
            self.count[self.kind[i]] += 1


def fill_dom(
    object table, object text, tuple blocks, object tree, dict tags, dict headings, object inline, dict inside, Py_ssize_t names,
    object groups_of, const uint64_t[::1] description,
):
    """Fill `features_dom.FEATURES`, (columns, n), but for `in_article_body`. `tags`, `headings` and `inside` number tags,
    `inline` has some, `groups_of` gives an element's words as bits of `names` groups; `description` is None without one."""
    cdef float[:, ::1] view = table
    cdef Py_ssize_t n = view.shape[1], i, k, late_row = TAGS + len(tags) + len(inside) + 2 * names
    cdef Page page = Page(n, tree, text)
    cdef float* out = &view[0, 0]
    cdef float* late = out + late_row * n
    cdef int* neighbours = [LINK_DENSITY, HEADING, TAGS]
    neighbours[2] = TAGS + tags["p"]
    nodes_of(blocks, page.node, page.m)
    for i in range(3 * n):
        page.node[n + i] = parent_of(page.parent, page.node[i])
    _around(page, <tuple>tree.names, tags, headings, inline, inside, groups_of)
    _elements(page, out, blocks, len(tags), len(inside), names)
    _containers(page, out, late)
    for k in range(3):
        i = late_row + A_LEVEL * k + CONTAINER_BLOCKS
        numpy.log1p(table[i], table[i])
    _core(page, out, late)
    i = late_row + SAME_ELEMENT
    numpy.log1p(table[i : i + 3], table[i : i + 3])
    if description is None:
        fill(late + IN_DESCRIPTION * n, 2 * n, -1)
    else:
        # What was summed is not needed any more: room for 2 n numbers.
        overlap(
            text.chars.word_block, text.chars.word_hash, description, late + IN_DESCRIPTION * n, late + DESCRIPTION_SHARE * n, n, page.node
        )
    for k in range(3):
        shift(out + neighbours[k] * n, late + (AROUND + k) * n, n, 1, -1)
        shift(out + neighbours[k] * n, late + (AROUND + 3 + k) * n, n, -1, -1)


cdef int read_kind(Element* fact, tuple name, dict tags, dict headings, object inline, dict inside, object groups_of) except -1:
    tag = <str>name[0]
    fact.tag = tags.get(tag, -1)
    fact.heading = headings.get(tag, 0)
    fact.inline = tag in inline
    fact.custom = "-" in <str>tag
    fact.inside = inside.get(tag, 0)
    fact.named = groups_of(name[1])
    fact.known = 1
    return 0


cdef int _around(Page page, tuple kinds, dict tags, dict headings, object inline, dict inside, object groups_of) except -1:
    """What stands around the elements that hold a block. Only they are looked at: they are marked first, and then come
    in order, the outer before the inner."""
    cdef Py_ssize_t i, at, up
    cdef Element* fact
    for i in range(page.n):
        at = page.node[i]
        while at >= 0 and not page.shared[at]:
            page.shared[at] = 1
            at = page.parent[at]
    for i in range(page.m):
        if page.shared[i]:
            fact = &page.facts[page.kind[i]]
            if not fact.known:
                read_kind(fact, <tuple>kinds[page.kind[i]], tags, headings, inline, inside, groups_of)
            up = page.parent[i]
            page.inside[i] = fact.inside | (page.inside[up] if up >= 0 else 0)
            # What <body> and <html> are named says what page this is, not where in it.
            page.named[i] = (fact.named if page.depth[i] > 1 else 0) | (page.named[up] if up >= 0 else 0)
    return 0


cdef int _elements(Page page, float* out, tuple blocks, Py_ssize_t tags, Py_ssize_t inside, Py_ssize_t names) except -1:
    cdef Py_ssize_t n = page.n, i, k, node, near = TAGS + tags + inside
    cdef Element* fact
    cdef int64_t named
    cdef float chars, linked
    cdef tuple block
    for i in range(n):
        block = <tuple>blocks[i]
        node = page.node[i]
        fact = &page.facts[page.kind[node]]
        linked = <float><Py_ssize_t>block[4]
        chars = <float>(<Py_ssize_t>block[1] - <Py_ssize_t>block[0])
        page.links[i + 1] = page.links[i] + linked
        page.chars[i + 1] = page.chars[i] + chars
        out[LINK_DENSITY * n + i] = over(linked, at_least_one(chars))
        if out[LINK_DENSITY * n + i] > 1:
            out[LINK_DENSITY * n + i] = 1
        out[DEPTH * n + i] = <float>at_most(page.depth[node], 40)
        out[HEADING * n + i] = <float>fact.heading
        out[INLINE_ELEMENT * n + i] = <float>fact.inline
        out[GLUED * n + i] = 1 if block[5] else 0
        out[CUSTOM_ELEMENT * n + i] = <float>fact.custom
        for k in range(tags):
            out[(TAGS + k) * n + i] = fact.tag == k
        for k in range(inside):
            out[(TAGS + tags + k) * n + i] = page.inside[node] >> k & 1
        named = fact.named | page.facts[page.kind[page.node[n + i]]].named
        for k in range(names):
            out[(near + k) * n + i] = named >> k & 1
            out[(near + names + k) * n + i] = page.named[node] >> k & 1
    return 0


cdef int _containers(Page page, const float* out, float* late) except -1:
    cdef Py_ssize_t n = page.n, i, level, node, low, high
    cdef const float* density = out + LINK_DENSITY * n
    cdef double total, cut
    cdef float* row
    for i in range(n):
        page.own[i] = <float>(page.words[i] * <float>(1 - density[i])) if page.prose[i] else 0
        page.unlinked[i + 1] = page.unlinked[i] + page.own[i]
        page.all_words[i + 1] = page.all_words[i] + page.words[i]
    total = at_least_one(page.unlinked[n])
    for level in range(3):
        for i in range(n):
            node = page.node[(level + 1) * n + i]
            low, high, cut = page.first[node], page.last[node], <double>page.cut[node]
            row = late + A_LEVEL * level * n + i
            row[PROSE_SHARE * n] = over(page.unlinked[high] - page.unlinked[low], total)
            row[CONTAINER_LINKS * n] = over(page.links[high] - page.links[low] + cut, at_least_one(page.chars[high] - page.chars[low] + cut))
            row[CONTAINER_PROSE * n] = over(page.unlinked[high] - page.unlinked[low], at_least_one(page.all_words[high] - page.all_words[low]))
            row[CONTAINER_BLOCKS * n] = <float>(high - low)
    return 0


cdef void share_depth(Page page, Py_ssize_t target) noexcept:
    """For each element the depth of the deepest that holds both it and `target`."""
    cdef Py_ssize_t i
    for i in range(page.m):
        page.shared[i] = -1
    i = target
    while i >= 0:
        page.shared[i] = page.depth[i]
        i = page.parent[i]
    for i in range(page.m):
        if page.shared[i] < 0:
            page.shared[i] = page.shared[page.parent[i]] if page.parent[i] >= 0 else 0


cdef int _core(Page page, const float* out, float* late) except -1:
    cdef Py_ssize_t n = page.n, i, k, main = 0, core = 0, of_core = 0, h1 = -1, shared
    cdef const int64_t* node = page.node
    cdef const int64_t* above = page.node + n
    cdef double total = at_least_one(page.unlinked[n])
    for i in range(page.m):
        if (page.unlinked[page.last[i]] - page.unlinked[page.first[i]]) / total >= MAIN_SHARE:
            main = i
    for i in range(n):
        page.direct[above[i]] += page.own[i]
    for i in range(page.m):
        if page.direct[i] > page.direct[core]:
            core = i
    for i in range(n):
        if above[i] == core:
            page.core_prose[page.kind[node[i]]] += page.own[i]
    for k in range(page.kinds):
        if page.core_prose[k] > page.core_prose[of_core]:
            of_core = k
    share_depth(page, core)
    for i in range(n):
        late[CORE_DISTANCE * n + i] = <float>(page.depth[core] - page.shared[node[i]])
    share_depth(page, main)
    for i in range(n):
        shared = page.shared[node[i]]
        late[MAIN_DISTANCE * n + i] = <float>(page.depth[main] - shared)
        late[BELOW_MAIN * n + i] = <float>at_most(page.depth[node[i]] - shared, 20)
        late[IN_MAIN * n + i] = page.first[main] <= i < page.last[main]
        late[CORE_PARENT * n + i] = above[i] == core
        late[BEFORE_CORE * n + i] = <float>within(page.first[core] - i, 30)
        late[AFTER_CORE * n + i] = <float>within(i - page.last[core] + 1, 30)
        late[SAME_AS_CORE * n + i] = page.kind[node[i]] == of_core
        for k in range(3):
            late[(SAME_ELEMENT + k) * n + i] = <float>page.count[page.kind[node[k * n + i]]]
        if h1 < 0 and out[HEADING * n + i] == 1:
            h1 = i
        late[SINCE_H1 * n + i] = <float>at_most(i - h1, 40) if h1 >= 0 else -1
        late[JOINED_PREV * n + i] = i > 0 and above[i] == above[i - 1]
        late[JOINED_NEXT * n + i] = i + 1 < n and above[i] == above[i + 1]
    return 0


def fill_pass_dom(object table, const float[::1] scores, const float[::1] words, tuple blocks, object tree):
    """Fill `features_context.PASS_DOM_FEATURES`, (columns, n)."""
    cdef float[:, ::1] view = table
    cdef const int64_t[:] parent = tree.parent, kind = tree.kind, first = tree.first, last = tree.last
    cdef Py_ssize_t n = view.shape[1], kinds = len(tree.names), level, i
    cdef bytearray room = bytearray((4 * n + 2 + 2 * kinds) * sizeof(double))
    cdef int64_t* node = <int64_t*><char*>room
    cdef int64_t* at = node + n
    cdef double* mass = <double*>(at + n)
    cdef double* every = mass + n + 1
    cdef float* out = &view[0, 0]
    cdef float weight
    cdef double others
    nodes_of(blocks, node, parent.shape[0])
    mass[0] = every[0] = 0
    for i in range(n):
        at[i] = node[i]
        weight = words[i] + 1
        mass[i + 1] = mass[i] + <float>(scores[i] * weight)
        every[i + 1] = every[i] + weight
    for level in range(3):
        for i in range(n):
            at[i] = parent_of(parent, at[i])
            weight = words[i] + 1
            others = every[last[at[i]]] - every[first[at[i]]] - weight
            out[(PASS_WITHIN + level) * n + i] = (
                over(mass[last[at[i]]] - mass[first[at[i]]] - <float>(scores[i] * weight), at_least_one(others)) if others > 0 else -1
            )
    mean_by(kind, node, scores, out + PASS_SAME_ELEMENT * n, n, every + n + 1, every + n + 1 + kinds)
    for i in range(n):
        node[i] = parent_of(parent, node[i])
    mean_by(kind, node, scores, out + PASS_SAME_PARENT * n, n, every + n + 1, every + n + 1 + kinds)


cdef inline Py_ssize_t parent_of(const int64_t[:] parent, Py_ssize_t node) noexcept:
    """The element above; the topmost stays itself."""
    return parent[node] if parent[node] >= 0 else node


cdef int nodes_of(tuple blocks, int64_t* node, Py_ssize_t elements) except -1:
    """The elements of the blocks."""
    cdef Py_ssize_t i
    for i in range(len(blocks)):
        node[i] = (<tuple>blocks[i])[3]
        if node[i] < 0:
            node[i] += elements
        if not 0 <= node[i] < elements:
            raise IndexError(f"block {i} stands in no element")
    return 0


cdef void mean_by(const int64_t[:] kind, const int64_t* node, const float[::1] scores, float* row, Py_ssize_t n, double* sums, double* counts) noexcept:
    """`sums` and `counts` are room for one number a kind."""
    cdef Py_ssize_t i
    for i in range(n):
        sums[kind[node[i]]] = counts[kind[node[i]]] = 0
    for i in range(n):
        sums[kind[node[i]]] += scores[i]
        counts[kind[node[i]]] += 1
    for i in range(n):
        row[i] = over(sums[kind[node[i]]], counts[kind[node[i]]])


def squash(str text):
    """What `title.squash_by_pattern` gives: letters and digits alone."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i, found = 0
    cdef bytearray room = bytearray(length * sizeof(uint32_t))
    cdef uint32_t* kept = <uint32_t*><char*>room
    cdef uint32_t c
    for i in range(length):
        c = PyUnicode_READ(kind, data, i)
        if Py_UNICODE_ISALNUM(c) or c == c"_":
            kept[found] = c
            found += 1
    return (<str>PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, kept, found)).lower()


def groups_of(str words, dict bits):
    """What `class_words.groups_of` gives: the bits of all words in an element's names, which capitals part too."""
    cdef int kind = PyUnicode_KIND(words)
    cdef void* data = PyUnicode_DATA(words)
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(words), i = 0, start
    cdef int64_t found = 0
    cdef bytearray room = bytearray(length)
    cdef char* lower = <char*>room
    while i < length:
        start = i
        while i < length and c"A" <= PyUnicode_READ(kind, data, i) <= c"Z":
            lower[i] = <char>(PyUnicode_READ(kind, data, i) + 32)
            i += 1
        if i - start > 1 and i < length and c"a" <= PyUnicode_READ(kind, data, i) <= c"z":
            # The last capital begins a word.
            found |= word_bits(lower + start, i - 1 - start, bits)
            start = i - 1
        if i - start < 2:
            while i < length and c"a" <= PyUnicode_READ(kind, data, i) <= c"z":
                lower[i] = <char>PyUnicode_READ(kind, data, i)
                i += 1
        if i > start:
            found |= word_bits(lower + start, i - start, bits)
        else:
            i += 1
    return found


cdef int64_t word_bits(const char* word, Py_ssize_t length, dict bits) except -1:
    cdef object found = bits.get(PyUnicode_FromStringAndSize(word, length))
    if found is None and word[length - 1] == c"s":
        found = bits.get(PyUnicode_FromStringAndSize(word, length - 1))
    return 0 if found is None else found
