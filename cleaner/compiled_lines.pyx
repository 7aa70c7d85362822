# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What is written and counted of a document, compiled: `short_lines` is the twin of `batch.account.short_lines_in_python`,
with the same bytes, and `sum_blocks` that of `tally.sum_blocks`.

Nothing needs this module: where there was no compiler, the twin does the work."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.long cimport PyLong_AsSsize_t
from cpython.tuple cimport PyTuple_GET_ITEM
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy

from compiled_strings cimport Py_UNICODE_ISSPACE, PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ

# Raised with every change of the arguments below, here and in `native`.
FORM = 5

# That of `batch.account`.
cdef uint64_t MIX = 0xD6E8FEB86659FD93


def sum_blocks(list runs, list unspaced, dict verdicts, tuple roles, tuple scores, body, double low, double high):
    """Runs and unspaced characters of the body's blocks, words of the blocks scored from `low` to `high`, and what was
    removed: pieces and words by verdict."""
    cdef Py_ssize_t i, kept = 0, kept_unspaced = 0, doubt = 0, words
    cdef double score
    cdef dict removed = {}
    for i, verdict in verdicts.items():
        words = _words(runs[i], unspaced[i])
        before = removed.get(verdict)
        removed[verdict] = (1, words) if before is None else (before[0] + 1, before[1] + words)
    for i in range(len(roles)):
        if roles[i] is body:
            kept += runs[i]
            kept_unspaced += unspaced[i]
        score = scores[i]
        if low <= score <= high:
            doubt += _words(runs[i], unspaced[i])
    return kept, kept_unspaced, doubt, removed


cdef inline Py_ssize_t _words(Py_ssize_t runs, Py_ssize_t unspaced) noexcept:
    return max(runs - unspaced, 0) + unspaced // 2


cdef inline int _utf8(char* to, uint32_t c) noexcept:
    """Write a character that is not ASCII; gives the number of bytes."""
    if c < 0x800:
        to[0] = <char>(0xC0 | c >> 6)
        to[1] = <char>(0x80 | c & 0x3F)
        return 2
    if c < 0x10000:
        to[0] = <char>(0xE0 | c >> 12)
        to[1] = <char>(0x80 | c >> 6 & 0x3F)
        to[2] = <char>(0x80 | c & 0x3F)
        return 3
    to[0] = <char>(0xF0 | c >> 18)
    to[1] = <char>(0x80 | c >> 12 & 0x3F)
    to[2] = <char>(0x80 | c >> 6 & 0x3F)
    to[3] = <char>(0x80 | c & 0x3F)
    return 4


def short_lines(str text, tuple blocks, const uint8_t[::1] left_out, bytes head, Py_ssize_t most_chars, int most_words):
    """The lines of blocks that are short and not `left_out`, each once, `head` before it and a line break behind it, in
    UTF-8; and their hashes, eight bytes each."""
    cdef Py_ssize_t i, start, stop, room = 0, count = 0, slots = 2, head_size = PyBytes_GET_SIZE(head)
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef char* out = NULL
    cdef char* end
    cdef char* line
    cdef uint64_t* hashes = NULL
    cdef uint64_t* table = NULL
    cdef uint64_t value
    cdef Py_ssize_t found = 0
    for i in range(len(blocks)):
        if not left_out[i]:
            start, stop = _place(blocks, i, 0), _place(blocks, i, 1)
            if stop - start <= most_chars:
                count += 1
                # No character has more than four bytes.
                room += head_size + 1 + 4 * (stop - start)
    while slots < 2 * count:
        slots *= 2
    out = <char*>malloc(room + 1)
    hashes = <uint64_t*>malloc(8 * count + 8)
    table = <uint64_t*>calloc(slots, 8)
    try:
        if out == NULL or hashes == NULL or table == NULL:
            raise MemoryError
        end = out
        for i in range(len(blocks)):
            if left_out[i]:
                continue
            start, stop = _place(blocks, i, 0), _place(blocks, i, 1)
            if stop - start > most_chars:
                continue
            memcpy(end, PyBytes_AS_STRING(head), head_size)
            line = _write(end + head_size, kind, data, start, stop, most_words)
            if line == end + head_size:
                continue
            value = _hash(<uint8_t*>end, line - end)
            if _known(table, slots, value):
                continue
            hashes[found] = value
            found += 1
            line[0] = b"\n"
            end = line + 1
        return PyBytes_FromStringAndSize(out, end - out), _little_endian(hashes, found)
    finally:
        free(out)
        free(hashes)
        free(table)


cdef inline Py_ssize_t _place(tuple blocks, Py_ssize_t i, Py_ssize_t column):
    return PyLong_AsSsize_t(<object>PyTuple_GET_ITEM(<object>PyTuple_GET_ITEM(blocks, i), column))


cdef char* _write(char* end, int kind, void* data, Py_ssize_t start, Py_ssize_t stop, int most_words) noexcept:
    """Write a line with its white space as single spaces; gives its end, which is its beginning where it is too long."""
    cdef char* begin = end
    cdef Py_ssize_t i
    cdef uint32_t c
    cdef int words = 0
    cdef bint inside = False
    for i in range(start, stop):
        c = PyUnicode_READ(kind, data, i)
        if Py_UNICODE_ISSPACE(c):
            inside = False
            continue
        if not inside:
            inside = True
            words += 1
            if words > most_words:
                return begin
            if words > 1:
                end[0] = b" "
                end += 1
        if c < 0x80:
            end[0] = <char>c
            end += 1
        elif 0xD800 <= c < 0xE000:
            # Half a character.
            end[0] = b"?"
            end += 1
        else:
            end += _utf8(end, c)
    return end


cdef uint64_t _hash(const uint8_t* data, Py_ssize_t size) noexcept:
    cdef uint64_t value = <uint64_t>size, word
    cdef Py_ssize_t i = 0, j
    while i + 8 <= size:
        word = 0
        for j in range(8):
            word |= <uint64_t>data[i + j] << (8 * j)
        value = (value ^ word) * MIX
        value ^= value >> 32
        i += 8
    if i < size:
        word = 0
        for j in range(size - i):
            word |= <uint64_t>data[i + j] << (8 * j)
        value = (value ^ word) * MIX
        value ^= value >> 32
    return value


cdef bint _known(uint64_t* table, Py_ssize_t slots, uint64_t value) noexcept:
    """Whether a number is in the table, which has room; then it is."""
    cdef Py_ssize_t at = <Py_ssize_t>(value & <uint64_t>(slots - 1))
    while table[at]:
        if table[at] == value:
            return True
        at = (at + 1) & (slots - 1)
    table[at] = value
    return False


cdef bytes _little_endian(const uint64_t* values, Py_ssize_t count):
    cdef bytes made = PyBytes_FromStringAndSize(NULL, 8 * count)
    cdef uint8_t* to = <uint8_t*>PyBytes_AS_STRING(made)
    cdef Py_ssize_t i, j
    for i in range(count):
        for j in range(8):
            to[8 * i + j] = <uint8_t>(values[i] >> (8 * j))
    return made
