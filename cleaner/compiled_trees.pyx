# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The trees of a scorer, compiled: `add_leaves` is the twin of that in `model`.

Nothing needs this module: where there was no compiler, the twin does the work."""

from libc.stdint cimport int16_t
from libc.stdlib cimport free, malloc

# Raised with every change of the arguments below, here and in `native`.
FORM = 1

cdef extern from *:
    """
    #define LANES 16
    #ifdef _MSC_VER
    #define restrict __restrict
    #endif

    /* In C, that a compiler may be told to make it once more for processors with wide registers. Which is used is told when the module
       is loaded, and both give the same: each lane sums the same numbers in the same order. */
    #if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__)
    __attribute__((target_clones("avx2", "default")))
    #endif
    static void descend(
        const float *restrict lanes, const int16_t *restrict feature, const float *restrict border, const float *restrict leaves,
        Py_ssize_t trees, Py_ssize_t depth, float *restrict sums
    ) {
        for (Py_ssize_t t = 0; t < trees; t++) {
            int place[LANES] = {0};
            Py_ssize_t d = 0;
            /* Three questions at once: their answers meet in a register. */
            for (; d + 3 <= depth; d += 3) {
                const float *one = lanes + feature[d] * LANES, *two = lanes + feature[d + 1] * LANES, *three = lanes + feature[d + 2] * LANES;
                const float first = border[d], second = border[d + 1], third = border[d + 2];
                for (int j = 0; j < LANES; j++)
                    place[j] |= ((one[j] > first) | (two[j] > second) << 1 | (three[j] > third) << 2) << d;
            }
            for (; d < depth; d++) {
                const float *one = lanes + feature[d] * LANES;
                const float first = border[d];
                for (int j = 0; j < LANES; j++)
                    place[j] |= (one[j] > first) << d;
            }
            const float *leaf = leaves + (t << depth);
            for (int j = 0; j < LANES; j++)
                sums[j] += leaf[place[j]];
            feature += depth;
            border += depth;
        }
    }
    """
    void descend(
        const float* lanes, const int16_t* feature, const float* border, const float* leaves, Py_ssize_t trees, Py_ssize_t depth, float* sums
    ) noexcept nogil


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
            descend(lanes, &feature[0, 0], &border[0, 0], &leaves[0, 0], trees, depth, sums)
        for j in range(many):
            result[start + j] = sums[j] + bias
    free(lanes)
