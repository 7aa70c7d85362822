# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The trees of a scorer, compiled: `add_leaves` is the twin of that in `model`.

Nothing needs this module: where there was no compiler, the twin does the work."""

from libc.stdint cimport int16_t
from libc.stdlib cimport free, malloc

# Raised with every change of the arguments below, here and in `native`.
FORM = 1

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
