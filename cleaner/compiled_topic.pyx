# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Where a stored text turns to another subject, compiled: `fill_topic` is the twin of `features_topic.fill_vectorised`, with the
same values to the last bit.

Nothing needs this module: where there was no compiler, the twin does the work."""

from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.stdlib cimport calloc, free, qsort

from compiled_columns cimport Entry, entries_for, find, note

# Raised with every change of the arguments below, here and in `native`.
FORM = 1

# The rows of `features_topic.TOPIC_FEATURES`.
cdef enum:
    AFTER, BEFORE, BREAK_BEFORE, BREAK_AFTER, SHARED, COLUMNS


def topic_columns():
    """How many columns `fill_topic` fills."""
    return COLUMNS


def fill_topic(
    float[:, ::1] table, const int64_t[::1] block, const uint64_t[::1] hashes, const int64_t[::1] lengths, Py_ssize_t letters,
    const float[::1] words, const uint8_t[::1] prose, double enough,
):
    """Fill the columns, (columns, n); words shorter than `letters` are passed over."""
    cdef Py_ssize_t n = table.shape[1], size = 0, i
    # Where each word stands in prose; and where at all, which tells whether a block had it before.
    cdef Entry* in_prose = NULL
    cdef Entry* seen = NULL
    # Six rows of n + 1 numbers: changes of what is covered from the left, from the right, distinct words of prose, of any block,
    # familiar ones; then room for the median.
    cdef int64_t* counts = NULL
    try:
        in_prose = entries_for(hashes.shape[0], &size)
        seen = entries_for(hashes.shape[0], &size)
        counts = <int64_t*>calloc(6 * (n + 1), sizeof(int64_t))
        if counts == NULL:
            raise MemoryError
        for i in range(hashes.shape[0]):
            if lengths[i] >= letters and prose[block[i]]:
                note(find(in_prose, size, hashes[i]), hashes[i], block[i])
        _count(in_prose, seen, size, block, hashes, lengths, letters, prose, counts, n)
        _shares(table, counts, words, prose, enough, n)
        _shared(table, counts, prose, n)
    finally:
        free(in_prose)
        free(seen)
        free(counts)


cdef void _count(
    Entry* in_prose, Entry* seen, Py_ssize_t size, const int64_t[::1] block, const uint64_t[::1] hashes, const int64_t[::1] lengths,
    Py_ssize_t letters, const uint8_t[::1] prose, int64_t* counts, Py_ssize_t n,
) noexcept:
    """Fill the rows of `counts`, each word once a block."""
    cdef int64_t* after = counts
    cdef int64_t* before = counts + (n + 1)
    cdef int64_t* of_prose = counts + 2 * (n + 1)
    cdef int64_t* of_block = counts + 3 * (n + 1)
    cdef int64_t* familiar = counts + 4 * (n + 1)
    cdef Py_ssize_t i, b
    cdef Entry* word
    for i in range(hashes.shape[0]):
        if lengths[i] < letters:
            continue
        b = block[i]
        word = find(seen, size, hashes[i])
        if word.spread and word.latest == b:
            continue
        note(word, hashes[i], b)
        word = find(in_prose, size, hashes[i])
        of_block[b] += 1
        familiar[b] += word.spread > prose[b]
        if prose[b]:
            of_prose[b] += 1
            if word.first < b:
                after[word.first + 1] += 1
                after[b + 1] -= 1
            if word.latest > b:
                before[b + 1] += 1
                before[word.latest + 1] -= 1


cdef void _shares(float[:, ::1] table, const int64_t* counts, const float[::1] words, const uint8_t[::1] prose, double enough, Py_ssize_t n) noexcept:
    cdef const int64_t* of_prose = counts + 2 * (n + 1)
    cdef int64_t covered = 0, again = 0, ahead = 0, behind = 0
    cdef double prose_before = 0, prose_ahead = 0
    cdef float least = 1
    cdef Py_ssize_t i
    for i in range(n):
        ahead += of_prose[i]
    for i in range(n):
        covered += counts[i]
        again += counts[n + 1 + i]
        table[AFTER, i] = <float>(<double>covered / <double>ahead) if ahead > 0 else <float>0.5
        table[BEFORE, i] = <float>(<double>again / <double>behind) if behind > 0 else <float>0.5
        if prose_before >= enough and table[AFTER, i] < least:
            least = table[AFTER, i]
        table[BREAK_BEFORE, i] = least
        ahead -= of_prose[i]
        behind += of_prose[i]
        prose_before += words[i] if prose[i] else 0
    least = 1
    for i in range(n - 1, -1, -1):
        prose_ahead += words[i] if prose[i] else 0
        if prose_ahead >= enough and table[BEFORE, i] < least:
            least = table[BEFORE, i]
        table[BREAK_AFTER, i] = least


cdef void _shared(float[:, ::1] table, int64_t* counts, const uint8_t[::1] prose, Py_ssize_t n) noexcept:
    cdef const int64_t* of_block = counts + 3 * (n + 1)
    cdef const int64_t* familiar = counts + 4 * (n + 1)
    cdef double* sorted_shares = <double*>(counts + 5 * (n + 1))
    cdef Py_ssize_t i, many = 0
    cdef double median = 0
    for i in range(n):
        if prose[i]:
            sorted_shares[many] = <double>familiar[i] / <double>(of_block[i] if of_block[i] else 1)
            many += 1
    if many:
        qsort(sorted_shares, many, sizeof(double), _by_size)
        median = sorted_shares[many // 2] if many % 2 else (sorted_shares[many // 2 - 1] + sorted_shares[many // 2]) / 2
    for i in range(n):
        table[SHARED, i] = <float>(<double>familiar[i] / <double>(of_block[i] if of_block[i] else 1) - median)


cdef int _by_size(const void* one, const void* other) noexcept nogil:
    cdef double a = (<const double*>one)[0], b = (<const double*>other)[0]
    return (a > b) - (a < b)
