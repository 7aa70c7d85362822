# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The blocks of a page or a text and the elements around them, compiled. Each loop has a twin in Python or NumPy that says
what it does and gives the same values: `used_elements`, `named_kinds` and `make_blocks` those of `segment_html`, `hopeless`
and `without` those of `first_cut`, `lines` that of `segment_text`, `paragraphs` that of `render`; `tags_opened` only saves `segment_html` work that would
find nothing.

Nothing needs this module: where there was no compiler, the twins do the work."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memchr

from compiled_strings cimport (
    Py_UNICODE_ISSPACE, PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ, PyUnicode_Substring, typed
)


# Raised with every change of the arguments below, here and in `native`.
FORM = 2


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


def named_kinds(list kinds, const uint8_t[::1] used, frozenset names, object hidden, int64_t[::1] numbers):
    """The distinct pairs of tag and words of the used kinds; into `numbers`, which comes as zeros, which of them each has.

    `hidden` is a search that tells whether an element of such attributes is not seen."""
    cdef dict named = {}
    cdef Py_ssize_t i
    cdef uint32_t initials = 0
    for name in names:
        initials |= <uint32_t>1 << (ord((<str>name)[0]) & 31)
    for i in range(used.shape[0]):
        if not used[i]:
            continue
        tag, attributes = <tuple>kinds[i]
        words = _naming_words(attributes, names, initials) if attributes else ""
        if attributes and ("hidden" in <str>attributes or "none" in <str>attributes) and hidden(attributes):
            words = <str>words + " hidden"
        numbers[i] = named.setdefault((tag, words), len(named))
    return tuple(named)


def naming_words(str attributes, frozenset names):
    """The values of the attributes that are in `names`, parted by spaces."""
    return _naming_words(attributes, names, 0xFFFFFFFF)


cdef object _naming_words(str attributes, frozenset names, uint32_t initials):
    """`initials` are the letters that the names begin with, as bits."""
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
        if not initials >> (PyUnicode_READ(kind, data, at) & 31 if at < length else 0) & 1:
            continue
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
        found[i] = typed(block, fields)
        start = end + 1
    return tuple(found)


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
            found.append(typed(block, (start, end, "line", -1, 0, False)))
    return found


def paragraphs(type paragraph, object cut, str source, tuple blocks, object removals, list shown):
    """What is kept of the blocks that are shown. `cut` gives the text of a block less the removals in it, of which `removals` are
    all in their order; `paragraph` is `render.Paragraph`."""
    cdef Py_ssize_t i, first = 0, last, count = len(removals), start, end
    cdef list found = []
    cdef tuple block
    for i in range(len(blocks)):
        if shown[i] is not True:
            continue
        block = <tuple>blocks[i]
        start, end = block[0], block[1]
        while first < count and removals[first].end <= start:
            first += 1
        last = first
        while last < count and removals[last].start < end:
            last += 1
        text = cut(source, block, removals[first:last]) if last > first else PyUnicode_Substring(source, start, end)
        if text:
            found.append(typed(paragraph, (i, block[2], text)))
    return found
