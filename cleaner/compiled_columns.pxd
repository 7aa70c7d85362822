# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What the compiled columns are made of: rows of a table, sums and means along them, and the words that blocks share.

Sums are of doubles, one after the other, as in the twins."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memset

from compiled_strings cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ


cdef inline float over(double one, double other) noexcept nogil:
    """A quotient as NumPy rounds it."""
    return <float>(one / other)


cdef inline double at_least_one(double value) noexcept nogil:
    return value if value > 1 else 1


cdef inline Py_ssize_t at_most(Py_ssize_t value, Py_ssize_t most) noexcept nogil:
    return value if value < most else most


cdef inline Py_ssize_t within(Py_ssize_t value, Py_ssize_t most) noexcept nogil:
    return 0 if value < 0 else at_most(value, most)


cdef inline void fill(float* row, Py_ssize_t n, float value) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(n):
        row[i] = value


cdef inline void shift(const float* values, float* row, Py_ssize_t n, Py_ssize_t step, float beyond) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(n):
        row[i] = values[i - step] if 0 <= i - step < n else beyond


cdef inline void window_mean(const float* values, float* row, Py_ssize_t n, Py_ssize_t reach, double* sums) noexcept nogil:
    """`sums` is room for n + 1 numbers."""
    cdef Py_ssize_t i, low, high
    sums[0] = 0
    for i in range(n):
        sums[i + 1] = sums[i] + values[i]
    for i in range(n):
        low = i - reach if i > reach else 0
        high = at_most(i + reach + 1, n)
        row[i] = <float>((sums[high] - sums[low]) / <double>(high - low))


cdef inline void since(const uint8_t* flags, float* row, Py_ssize_t n, Py_ssize_t cap) noexcept nogil:
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


cdef inline Entry* entries_for(Py_ssize_t hashes, Py_ssize_t* size) except NULL:
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


cdef inline void note(Entry* entry, uint64_t hash, Py_ssize_t block) noexcept nogil:
    if entry.spread == 0:
        entry.hash = hash
        entry.first = <int32_t>block
    if entry.spread == 0 or entry.latest != block:
        entry.spread += 1
        entry.latest = <int32_t>block


cdef inline int overlap(
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
