# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The columns of features that text alone gives, compiled: one pass over blocks and words in the place of hundreds of small
NumPy calls.

Each function fills a table that has a row for each name of its twin's columns, in that order, with the same values to the
last bit: `fill_text` that of `features`, the others those of `features_context`. Logarithms of whole columns are NumPy's,
whose last bit no other function has.
"""

from libc.math cimport log1p
from libc.stdint cimport int8_t, int64_t, uint8_t, uint64_t
from libc.stdlib cimport free, qsort
from libc.string cimport memset

from compiled_columns cimport (
    PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ, Entry, at_least_one, at_most, entries_for, fill, find, note, over, overlap, shift, since, window_mean
)

import numpy

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

# Those of `features_context.WORD_FEATURES` and `PASS_FEATURES`.
cdef enum:
    WORD_MEAN, WORD_SUM, WORD_LOW, WORD_FIRST, PREV_WORD_MEAN, NEXT_WORD_MEAN, WORD_WINDOW, WORD_COLUMNS
cdef enum:
    PASS, PASS_PREV, PASS_NEXT = 4, PASS_WINDOW_3 = 7, PASS_WINDOW_10, PASS_PAGE, PASS_BODY_WORDS, PASS_BEFORE, PASS_SINCE
    PASS_UNTIL, PASS_RANK, PASS_COLUMNS

cdef int NEAR = 3
cdef int CONTENT_WORD_LETTERS = 5
cdef int FIRST_WORDS = 4
cdef float JUNK_WEIGHT = -0.5


def text_columns(Py_ssize_t kinds):
    """How many columns `fill_text` fills where `kinds` kinds of rules have one."""
    return KINDS + kinds + 16


def context_columns():
    """How many columns `fill_words` and `fill_pass` fill."""
    return WORD_COLUMNS, PASS_COLUMNS


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
    cdef bytearray room = bytearray(n * 4 * sizeof(int64_t) + 64)
    cdef int* sources = [LOG_WORDS, ENDS_SENTENCE, CAPITALISED, RULE_HITS]
    cdef int* steps = [1, 2, -1, -2]
    _shape(out, n, class_counts, chars.first, chars.last, block, chars.word_upper.view(numpy.uint8), words, prose)
    numpy.log1p(table[LOG_WORDS : LOG_CHARS + 1], table[LOG_WORDS : LOG_CHARS + 1])
    _position(out, n, words, prose, <double*><char*>room)
    numpy.log1p(table[WORDS_BEFORE : WORDS_AFTER + 1], table[WORDS_BEFORE : WORDS_AFTER + 1])
    copies(chars.fingerprint, out + COPIES * n, out + COPY_BEFORE * n, n)
    for i in range(n):
        unspaced += class_counts[i, UNSPACED]
        for side in range(CLASSES):
            total += class_counts[i, side]
    shared_words(
        block, chars.word_hash, chars.word_length, 0 if 2 * unspaced > total else CONTENT_WORD_LETTERS, prose, out + SHARED * n,
        out + SHARED_BEFORE * n, n, <int64_t*><char*>room,
    )
    overlap(block, chars.word_hash, text.title.word_hash, out + IN_TITLE * n, out + TITLE_SHARE * n, n, <int64_t*><char*>room)
    _gaps(out, n, blocks, source)
    _rules(out, n, matches, kinds, span, rest, label, <double*><char*>room)
    for side in range(4):
        for i in range(4):
            # In the twin's order: the neighbour, then what it says.
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


cdef int by_size(const void* one, const void* other) noexcept nogil:
    cdef float a = (<const float*>one)[0], b = (<const float*>other)[0]
    return (a > b) - (a < b)


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
    cdef bytearray room = bytearray((n + 1) * sizeof(double))
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
    window_mean(out + WORD_SUM * n, out + WORD_WINDOW * n, n, 3, <double*><char*>room)


def fill_pass(object table, const float[::1] scores, const int64_t[::1] order, const float[::1] words):
    """Fill `features_context.PASS_FEATURES`, (columns, n); `order` has the blocks by score."""
    cdef float[:, ::1] view = table
    cdef Py_ssize_t n = view.shape[1], i, last
    cdef float* out = &view[0, 0]
    cdef double total = 0, every = 0
    cdef bytearray room = bytearray((n + 1) * sizeof(double))
    cdef double* before = <double*><char*>room
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
