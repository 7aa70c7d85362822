# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The columns of features, compiled: one pass over blocks and words in the place of hundreds of small NumPy calls.

Each function fills a table that has a row for each name of its twin's `FEATURES`, in that order, with the same values to
the last bit: `fill_text` that of `features`, `fill_dom` that of `features_dom`, the others those of `features_context`.
Sums are of doubles, one after the other; logarithms of whole columns are NumPy's, whose last bit no other function has.
"""

from libc.math cimport log1p
from libc.stdint cimport int8_t, int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, qsort
from libc.string cimport memset

import numpy


cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    uint32_t PyUnicode_READ(int kind, void* data, Py_ssize_t index)
    bint Py_UNICODE_ISALNUM(uint32_t character)
    object PyUnicode_FromKindAndData(int kind, const void* data, Py_ssize_t size)
    object PyUnicode_FromStringAndSize(const char* data, Py_ssize_t size)
    int PyUnicode_4BYTE_KIND


# Raised with every change of the arguments below, here and in `native`.
FORM = 1

# Character classes, as in `characters.Char`.
cdef enum:
    LOWER, UPPER, CASELESS, DIGIT, UNSPACED, SPACE, TERMINAL, COMMA, QUOTE, BRACKET, DASH, COLON, SLASH, PUNCTUATION, SYMBOL, BREAK
    CLASSES

# The rows of `features.FEATURES`; from KINDS on one for each kind of rule, then four for each neighbour.
cdef enum:
    LOG_WORDS, LOG_CHARS, WORD_LENGTH, UPPER_SHARE, CAPITALISED, DIGIT_SHARE, UNSPACED_SHARE, TERMINALS, TERMINAL_COUNT, COMMAS
    QUOTES, BRACKETS, DASHES, COLONS, SLASHES, SYMBOLS, STARTS, ENDS, ENDS_SENTENCE, PROSE, INDEX, INDEX_FROM_END, PLACE
    WORDS_BEFORE, WORDS_AFTER, WORDS_BEFORE_SHARE, DOC_BLOCKS, DOC_WORDS, DOC_PROSE, DOC_MEDIAN, SINCE_PROSE, UNTIL_PROSE
    SHORT_RUN, WINDOW_2, WINDOW_5, COPIES, COPY_BEFORE, SHARED, SHARED_BEFORE, TITLE_SHARE, IN_TITLE, GAP_BEFORE, GAP_AFTER
    RULE_HITS, RULE_NEAR, RULE_PROTECT, RULE_SPAN, SINCE_MARKER, SINCE_LABEL, KINDS

# What `features_dom.FEATURES` has before and after its groups of columns.
cdef enum:
    LINK_DENSITY, DEPTH, HEADING, INLINE_ELEMENT, GLUED, CUSTOM_ELEMENT, TAGS
cdef enum:
    PROSE_SHARE, CONTAINER_LINKS, CONTAINER_PROSE, CONTAINER_BLOCKS, A_LEVEL
    IN_MAIN = 12
    MAIN_DISTANCE, BELOW_MAIN, CORE_PARENT, CORE_DISTANCE, BEFORE_CORE, AFTER_CORE, SAME_ELEMENT, SAME_PARENT, SAME_GRANDPARENT
    SAME_AS_CORE, IN_DESCRIPTION, DESCRIPTION_SHARE, IN_ARTICLE_BODY, SINCE_H1, JOINED_PREV, JOINED_NEXT, AROUND, ALL_AROUND = 35

cdef enum:
    WORD_MEAN, WORD_SUM, WORD_LOW, WORD_FIRST, PREV_WORD_MEAN, NEXT_WORD_MEAN, WORD_WINDOW, WORD_COLUMNS
cdef enum:
    PASS, PASS_PREV, PASS_NEXT = 4, PASS_WINDOW_3 = 7, PASS_WINDOW_10, PASS_PAGE, PASS_BODY_WORDS, PASS_BEFORE, PASS_SINCE
    PASS_UNTIL, PASS_RANK, PASS_COLUMNS
cdef enum:
    PASS_WITHIN, PASS_SAME_ELEMENT = 3, PASS_SAME_PARENT, PASS_DOM_COLUMNS

cdef int NEAR = 3
cdef int CONTENT_WORD_LETTERS = 5
cdef int FIRST_WORDS = 4
cdef float JUNK_WEIGHT = -0.5
cdef double MAIN_SHARE = 0.6


def text_columns(Py_ssize_t kinds):
    """How many columns `fill_text` fills where `kinds` kinds of rules have one."""
    return KINDS + kinds + 16


def dom_columns(Py_ssize_t tags, Py_ssize_t inside, Py_ssize_t names):
    """How many columns `fill_dom` fills for so many tags, elements around and groups of names."""
    return TAGS + tags + inside + 2 * names + ALL_AROUND


def context_columns():
    """How many columns `fill_words`, `fill_pass` and `fill_pass_dom` fill."""
    return WORD_COLUMNS, PASS_COLUMNS, PASS_DOM_COLUMNS


cdef inline float over(double one, double other) noexcept nogil:
    """A quotient as NumPy rounds it."""
    return <float>(one / other)


cdef inline double at_least_one(double value) noexcept nogil:
    return value if value > 1 else 1


cdef inline Py_ssize_t at_most(Py_ssize_t value, Py_ssize_t most) noexcept nogil:
    return value if value < most else most


cdef inline Py_ssize_t within(Py_ssize_t value, Py_ssize_t most) noexcept nogil:
    return 0 if value < 0 else at_most(value, most)


cdef void fill(float* row, Py_ssize_t n, float value) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(n):
        row[i] = value


cdef void shift(const float* values, float* row, Py_ssize_t n, Py_ssize_t step, float beyond) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(n):
        row[i] = values[i - step] if 0 <= i - step < n else beyond


cdef void window_mean(const float* values, float* row, Py_ssize_t n, Py_ssize_t reach, double* sums) noexcept nogil:
    """`sums` is room for n + 1 numbers."""
    cdef Py_ssize_t i, low, high
    sums[0] = 0
    for i in range(n):
        sums[i + 1] = sums[i] + values[i]
    for i in range(n):
        low = i - reach if i > reach else 0
        high = at_most(i + reach + 1, n)
        row[i] = <float>((sums[high] - sums[low]) / <double>(high - low))


cdef void since(const uint8_t* flags, float* row, Py_ssize_t n, Py_ssize_t cap) noexcept nogil:
    cdef Py_ssize_t i, last = -cap - 2
    for i in range(n):
        row[i] = <float>at_most(i - last, cap + 1)
        if flags[i]:
            last = i


cdef struct Entry:
    # One of the hashes that were seen: in how many blocks (0: none, the place is free), the first and the last of them.
    uint64_t hash
    int64_t spread
    int32_t first
    int32_t latest


cdef Entry* entries_for(Py_ssize_t hashes, Py_ssize_t* size) except NULL:
    """An empty table with room for so many hashes."""
    cdef Entry* entries
    size[0] = 16
    while size[0] < 2 * hashes:
        size[0] *= 2
    entries = <Entry*>calloc(size[0], sizeof(Entry))
    if entries == NULL:
        raise MemoryError
    return entries


cdef inline Entry* find(Entry* entries, Py_ssize_t size, uint64_t hash) noexcept nogil:
    """The place that has the hash, or else the free one for it."""
    cdef uint64_t at = hash & <uint64_t>(size - 1)
    while entries[at].spread and entries[at].hash != hash:
        at = (at + 1) & <uint64_t>(size - 1)
    return &entries[at]


cdef void note(Entry* entry, uint64_t hash, Py_ssize_t block) noexcept nogil:
    if entry.spread == 0:
        entry.hash = hash
        entry.first = <int32_t>block
    if entry.spread == 0 or entry.latest != block:
        entry.spread += 1
        entry.latest = <int32_t>block


cdef int copies(const uint64_t[::1] fingerprint, float* row, float* before, Py_ssize_t n) except -1:
    cdef Py_ssize_t size = 0, i
    cdef Entry* entries = entries_for(n, &size)
    cdef Entry* entry
    for i in range(n):
        note(find(entries, size, fingerprint[i]), fingerprint[i], i)
    for i in range(n):
        entry = find(entries, size, fingerprint[i])
        row[i] = <float>at_most(entry.spread, 8)
        before[i] = entry.first < i
    free(entries)
    return 0


cdef int shared_words(
    const int64_t[::1] block, const uint64_t[::1] hashes, const int64_t[::1] length, int shortest, const uint8_t* prose, float* shared,
    float* before, Py_ssize_t n, int64_t* counts,
) except -1:
    """`counts` is room for 3 n numbers."""
    cdef Py_ssize_t size = 0, words = block.shape[0], in_prose = 0, i, b
    cdef int64_t* shared_count = counts + n
    cdef int64_t* before_count = counts + 2 * n
    cdef Entry* entries
    cdef Entry* entry
    for i in range(words):
        in_prose += prose[block[i]] and length[i] >= shortest
    entries = entries_for(in_prose, &size)
    memset(counts, 0, 3 * n * sizeof(int64_t))
    for i in range(words):
        if prose[block[i]] and length[i] >= shortest:
            note(find(entries, size, hashes[i]), hashes[i], block[i])
    for i in range(words):
        if length[i] >= shortest:
            b = block[i]
            counts[b] += 1
            entry = find(entries, size, hashes[i])
            if entry.spread:
                shared_count[b] += entry.spread > prose[b]
                before_count[b] += entry.first < b
    for b in range(n):
        shared[b] = over(<double>shared_count[b], at_least_one(<double>counts[b]))
        before[b] = over(<double>before_count[b], at_least_one(<double>counts[b]))
    free(entries)
    return 0


cdef int overlap(
    const int64_t[::1] block, const uint64_t[::1] hashes, const uint64_t[::1] other, float* own, float* others, Py_ssize_t n, int64_t* counts
) except -1:
    """`counts` is room for 2 n numbers."""
    cdef Py_ssize_t size = 0, distinct = 0, i
    cdef int64_t* hits = counts + n
    cdef Entry* entries = entries_for(other.shape[0], &size)
    cdef Entry* entry
    memset(counts, 0, 2 * n * sizeof(int64_t))
    for i in range(other.shape[0]):
        entry = find(entries, size, other[i])
        distinct += entry.spread == 0
        note(entry, other[i], 0)
    for i in range(block.shape[0]):
        counts[block[i]] += 1
        hits[block[i]] += find(entries, size, hashes[i]).spread
    for i in range(n):
        own[i] = over(<double>hits[i], at_least_one(<double>counts[i]))
        others[i] = over(<double>hits[i], at_least_one(<double>distinct))
        if others[i] > 1:
            others[i] = 1
    free(entries)
    return 0


cdef int by_size(const void* one, const void* other) noexcept nogil:
    cdef float a = (<const float*>one)[0], b = (<const float*>other)[0]
    return (a > b) - (a < b)


cdef class Room:
    """Memory that is given back with the object."""

    cdef void* at

    def __cinit__(self, Py_ssize_t size):
        self.at = malloc(size + 1)
        if self.at == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.at)


def fill_text(object table, object text, tuple blocks, str source, object matches, dict kinds, object span, object rest, object label):
    """Fill `features.FEATURES`, (columns, n), for `text`, a `features.BlockText`. `kinds` numbers the kinds of rules that have
    a column; `span`, `rest` and `label` are those members of `kinds.Scope`."""
    cdef object chars = text.chars
    cdef float[:, ::1] view = table
    cdef const int64_t[:, ::1] class_counts = chars.counts
    cdef const int64_t[::1] block = chars.word_block
    cdef const float[::1] words = text.words
    cdef const uint8_t[::1] prose_flags = text.prose.view(numpy.uint8)
    cdef Py_ssize_t n = view.shape[1], i, side, unspaced = 0, total = 0, after_kinds = KINDS + len(kinds)
    cdef float* out = &view[0, 0]
    cdef const uint8_t* prose = &prose_flags[0]
    cdef Room room = Room(n * 4 * sizeof(int64_t) + 64)
    cdef int step
    cdef int* sources = [LOG_WORDS, ENDS_SENTENCE, CAPITALISED, RULE_HITS]
    cdef int* steps = [1, 2, -1, -2]
    _shape(out, n, class_counts, chars.first, chars.last, block, chars.word_upper.view(numpy.uint8), words, prose)
    numpy.log1p(table[LOG_WORDS : LOG_CHARS + 1], table[LOG_WORDS : LOG_CHARS + 1])
    _position(out, n, words, prose, <double*>room.at)
    numpy.log1p(table[WORDS_BEFORE : WORDS_AFTER + 1], table[WORDS_BEFORE : WORDS_AFTER + 1])
    copies(chars.fingerprint, out + COPIES * n, out + COPY_BEFORE * n, n)
    for i in range(n):
        unspaced += class_counts[i, UNSPACED]
        for side in range(CLASSES):
            total += class_counts[i, side]
    shared_words(
        block, chars.word_hash, chars.word_length, 0 if 2 * unspaced > total else CONTENT_WORD_LETTERS, prose, out + SHARED * n,
        out + SHARED_BEFORE * n, n, <int64_t*>room.at,
    )
    overlap(block, chars.word_hash, text.title.word_hash, out + IN_TITLE * n, out + TITLE_SHARE * n, n, <int64_t*>room.at)
    _gaps(out, n, blocks, source)
    _rules(out, n, matches, kinds, span, rest, label, <double*>room.at)
    for side in range(4):
        for i in range(4):
            # Column by column in the twin's order: the neighbour, then what it says.
            shift(out + sources[i] * n, out + (after_kinds + 4 * side + i) * n, n, steps[side], -1)


cdef int _shape(
    float* out, Py_ssize_t n, const int64_t[:, ::1] counts, const uint8_t[::1] first, const uint8_t[::1] last, const int64_t[::1] block,
    const uint8_t[::1] upper, const float[::1] words, const uint8_t* prose,
) except -1:
    cdef Py_ssize_t i, k
    cdef int64_t letters, chars
    cdef double many
    cdef float* row
    cdef int* shares = [TERMINALS, TERMINAL, COMMAS, COMMA, QUOTES, QUOTE, BRACKETS, BRACKET, DASHES, DASH, COLONS, COLON, SLASHES, SLASH, SYMBOLS, SYMBOL]
    fill(out + CAPITALISED * n, n, 0)
    for i in range(block.shape[0]):
        out[CAPITALISED * n + block[i]] += upper[i]
    for i in range(n):
        row = out + i
        letters = counts[i, LOWER] + counts[i, UPPER] + counts[i, CASELESS] + counts[i, UNSPACED]
        chars = 0
        for k in range(BREAK):
            chars += counts[i, k]
        many = at_least_one(words[i])
        row[LOG_WORDS * n] = words[i]
        row[LOG_CHARS * n] = <float>chars
        row[WORD_LENGTH * n] = over(<float>letters, many)
        row[UPPER_SHARE * n] = over(<float>counts[i, UPPER], at_least_one(<float>letters))
        row[CAPITALISED * n] = over(row[CAPITALISED * n], many)
        row[DIGIT_SHARE * n] = over(<float>counts[i, DIGIT], at_least_one(<float>chars))
        row[UNSPACED_SHARE * n] = over(<float>counts[i, UNSPACED], at_least_one(<float>chars))
        for k in range(8):
            row[shares[2 * k] * n] = over(<float>counts[i, shares[2 * k + 1]], many)
        row[TERMINAL_COUNT * n] = <float>counts[i, TERMINAL]
        row[STARTS * n] = first[i]
        row[ENDS * n] = last[i]
        row[ENDS_SENTENCE * n] = last[i] == TERMINAL or ((last[i] == QUOTE or last[i] == BRACKET) and counts[i, TERMINAL] > 0)
        row[PROSE * n] = prose[i]
    return 0


cdef int _position(float* out, Py_ssize_t n, const float[::1] words, const uint8_t* prose, double* sums) except -1:
    """`sums` is room for n + 1 numbers."""
    cdef Py_ssize_t i, found = 0, last
    cdef double every = 0, total = 0, before = 0
    cdef float median = 0
    cdef float* sorted_words = <float*>sums
    cdef float* row
    for i in range(n):
        every += words[i]
        if prose[i]:
            total += words[i]
            sorted_words[found] = words[i]
            found += 1
    if found:
        qsort(sorted_words, found, sizeof(float), by_size)
        median = sorted_words[found // 2] if found % 2 else (sorted_words[found // 2 - 1] + sorted_words[found // 2]) / 2
    for i in range(n):
        row = out + i
        row[INDEX * n] = <float>at_most(i, 60)
        row[INDEX_FROM_END * n] = <float>at_most(n - 1 - i, 60)
        row[PLACE * n] = over(<double>i, at_least_one(<double>n))
        row[WORDS_BEFORE * n] = <float>before
        row[WORDS_BEFORE_SHARE * n] = over(before, at_least_one(total))
        if prose[i]:
            before += words[i]
        row[WORDS_AFTER * n] = <float>(total - before)
    fill(out + DOC_BLOCKS * n, n, <float>log1p(<double>n))
    fill(out + DOC_WORDS * n, n, <float>log1p(every))
    fill(out + DOC_PROSE * n, n, over(total, at_least_one(every)))
    fill(out + DOC_MEDIAN * n, n, median)
    since(prose, out + SINCE_PROSE * n, n, 20)
    last = n + 21
    for i in range(n - 1, -1, -1):
        out[UNTIL_PROSE * n + i] = <float>at_most(last - i, 21)
        if prose[i]:
            last = i
    for i in range(n):
        row = out + i
        row[SHORT_RUN * n] = 0 if prose[i] else <float>at_most(<Py_ssize_t>(row[SINCE_PROSE * n] + row[UNTIL_PROSE * n]) - 1, 30)
    window_mean(out + LOG_WORDS * n, out + WINDOW_2 * n, n, 2, sums)
    window_mean(out + LOG_WORDS * n, out + WINDOW_5 * n, n, 5, sums)
    return 0


cdef int _gaps(float* out, Py_ssize_t n, tuple blocks, str source) except -1:
    """Line breaks between the lines of stored text."""
    cdef int kind = PyUnicode_KIND(source)
    cdef void* data = PyUnicode_DATA(source)
    cdef Py_ssize_t i, at = 0, start
    cdef float breaks
    cdef tuple block
    fill(out + GAP_BEFORE * n, 2 * n, 0)
    if not n or <str>(<tuple>blocks[0])[2] != "line":
        return 0
    for i in range(n):
        block = <tuple>blocks[i]
        start = block[0]
        breaks = 0
        while at < start:
            breaks += PyUnicode_READ(kind, data, at) == c"\n"
            at += 1
        at = block[1]
        if breaks > 3:
            breaks = 3
        out[GAP_BEFORE * n + i] = breaks
        if i:
            out[GAP_AFTER * n + i - 1] = breaks
    return 0


cdef int _rules(
    float* out, Py_ssize_t n, object matches, dict kinds, object span, object rest, object label, double* sums
) except -1:
    """`sums` is room for 2 n + 1 numbers."""
    cdef uint8_t* marker = <uint8_t*>(sums + n + 1)
    cdef uint8_t* labelled = marker + n
    cdef float* hit = out + SINCE_MARKER * n
    cdef Py_ssize_t i
    cdef object match, rule, number, scope, kind
    fill(out + RULE_HITS * n, 4 * n, 0)
    fill(out + KINDS * n, len(kinds) * n, 0)
    memset(marker, 0, 2 * n)
    for match in matches:
        rule = (<tuple>match)[0]
        i = (<tuple>match)[1]
        kind = rule.kind
        scope = rule.scope
        if kind is None:
            out[RULE_PROTECT * n + i] += 1
            continue
        if scope is span:
            out[RULE_SPAN * n + i] += 1
        else:
            out[RULE_HITS * n + i] += 1
            if scope is rest:
                marker[i] = 1
            elif scope is label:
                labelled[i] = 1
        number = kinds.get(kind)
        if number is not None:
            out[(KINDS + <Py_ssize_t>number) * n + i] += 1
    # The row of the next column is the room for this one's flags.
    for i in range(n):
        hit[i] = out[RULE_HITS * n + i] > 0
    window_mean(hit, out + RULE_NEAR * n, n, NEAR, sums)
    for i in range(n):
        out[RULE_NEAR * n + i] = <float>(out[RULE_NEAR * n + i] * (2 * NEAR + 1)) - hit[i]
        marker[i] = marker[i] and out[WORDS_BEFORE * n + i] > <float>log1p(60.0)
    since(marker, out + SINCE_MARKER * n, n, 20)
    since(labelled, out + SINCE_LABEL * n, n, 10)
    return 0


def fill_words(object table, object text, const int8_t[::1] weights, float scale):
    """Fill `features_context.WORD_FEATURES`, (columns, n), by the weights of words, signed bytes by hash."""
    cdef float[:, ::1] view = table
    cdef const int64_t[::1] block = text.chars.word_block
    cdef const uint64_t[::1] hashes = text.chars.word_hash
    cdef Py_ssize_t n = view.shape[1], words = block.shape[0], i = 0, b, k
    cdef uint64_t mask = <uint64_t>(weights.shape[0] - 1)
    cdef float* out = &view[0, 0]
    cdef double total, early, many
    cdef int64_t low
    cdef float weight
    cdef Room room = Room((n + 1) * sizeof(double))
    for b in range(n):
        total = early = 0
        low = k = 0
        while i < words and block[i] == b:
            weight = <float>weights[hashes[i] & mask] * scale
            total += weight
            low += weight < JUNK_WEIGHT
            if k < FIRST_WORDS:
                early += weight
            k += 1
            i += 1
        many = at_least_one(<double>k)
        out[WORD_MEAN * n + b] = over(total, many)
        out[WORD_SUM * n + b] = <float>(-20 if total < -20 else 20 if total > 20 else total)
        out[WORD_LOW * n + b] = over(<double>low, many)
        out[WORD_FIRST * n + b] = over(early, many if many < FIRST_WORDS else FIRST_WORDS)
    shift(out + WORD_MEAN * n, out + PREV_WORD_MEAN * n, n, 1, 0)
    shift(out + WORD_MEAN * n, out + NEXT_WORD_MEAN * n, n, -1, 0)
    window_mean(out + WORD_SUM * n, out + WORD_WINDOW * n, n, 3, <double*>room.at)


def fill_pass(object table, const float[::1] scores, const int64_t[::1] order, const float[::1] words):
    """Fill `features_context.PASS_FEATURES`, (columns, n); `order` has the blocks by score."""
    cdef float[:, ::1] view = table
    cdef Py_ssize_t n = view.shape[1], i, last
    cdef float* out = &view[0, 0]
    cdef double total = 0, every = 0
    cdef Room room = Room((n + 1) * sizeof(double))
    cdef double* before = <double*>room.at
    cdef const float* score = &scores[0]
    for i in range(n):
        out[i] = score[i]
    for i in range(1, 4):
        shift(score, out + (PASS_PREV + i - 1) * n, n, i, 0)
        shift(score, out + (PASS_NEXT + i - 1) * n, n, -i, 0)
    window_mean(score, out + PASS_WINDOW_3 * n, n, 3, before)
    window_mean(score, out + PASS_WINDOW_10 * n, n, 10, before)
    for i in range(n):
        before[i] = total
        total += <float>(score[i] * words[i])
        every += words[i]
    fill(out + PASS_PAGE * n, n, over(total, at_least_one(every)))
    fill(out + PASS_BODY_WORDS * n, n, <float>log1p(total))
    last = -30
    for i in range(n):
        out[PASS_BEFORE * n + i] = over(before[i], at_least_one(total))
        out[PASS_SINCE * n + i] = <float>at_most(i - last, 20)
        if score[i] > 0.5:
            last = i
        out[PASS_RANK * n + order[i]] = over(<double>i, at_least_one(<double>n))
    last = n + 30
    for i in range(n - 1, -1, -1):
        out[PASS_UNTIL * n + i] = <float>at_most(last - i, 20)
        if score[i] > 0.5:
            last = i


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


def fill_pass_dom(object table, const float[::1] scores, const float[::1] words, tuple blocks, object tree):
    """Fill `features_context.PASS_DOM_FEATURES`, (columns, n)."""
    cdef float[:, ::1] view = table
    cdef const int64_t[:] parent = tree.parent, kind = tree.kind, first = tree.first, last = tree.last
    cdef Py_ssize_t n = view.shape[1], kinds = len(tree.names), level, i
    cdef Room room = Room((4 * n + 2 + 2 * kinds) * sizeof(double))
    cdef int64_t* node = <int64_t*>room.at
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


def squash(str text):
    """What `title.squash` gives: letters and digits alone."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i, found = 0
    cdef Room room = Room(length * sizeof(uint32_t))
    cdef uint32_t* kept = <uint32_t*>room.at
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
    cdef Room room = Room(length)
    cdef char* lower = <char*>room.at
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


cdef struct Element:
    # What the kind of an element says, once it is `known`.
    int64_t known, tag, heading, inline, custom, inside, named


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


cdef class Page:
    """A page of n blocks and m elements while `fill_dom` looks at it."""

    cdef Py_ssize_t n, m, kinds
    cdef const int64_t[:] parent, depth, first, last, cut, kind
    cdef const uint8_t[::1] prose
    cdef const float[::1] words
    cdef Room room
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
        self.room = Room((9 * n + 4 + 4 * m + 2 * kinds) * 8 + kinds * sizeof(Element))
        memset(self.room.at, 0, (9 * n + 4 + 4 * m + 2 * kinds) * 8 + kinds * sizeof(Element))
        self.node = <int64_t*>self.room.at
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
