# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What the characters of a text tell, compiled: `read_words` is the twin of `characters.read_vectorised`, `Look` that of
`repair.look_in_python`, with the same values.

Nothing needs this module: where there was no compiler, the twins do the work."""

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from compiled_strings cimport folded_character, PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ

# Raised with every change of the arguments below, here and in `native`.
FORM = 3

# Those of `characters`.
cdef uint64_t BASE = 0x9E3779B97F4A7C15
cdef uint64_t MIX = 0xD6E8FEB86659FD93


cdef struct Words:
    # Those found so far, and what is known of each: its block, hash, length, and the class of its first character.
    Py_ssize_t found
    int64_t* block
    uint64_t* hash
    int64_t* length
    uint8_t* first


def read_words(
    str joined, str folded, const int64_t[::1] lengths, const uint8_t[::1] classes, int last_word_class, int unspaced,
    int64_t[:, ::1] counts, uint8_t[::1] first, uint8_t[::1] last, int64_t[::1] word_block, uint64_t[::1] word_hash,
    int64_t[::1] word_length, uint8_t[::1] word_class, uint64_t[::1] fingerprint,
):
    """Classify the characters of blocks, each `lengths` long with the line break that ends it, and hash their words.

    `folded` is the text folded, or None where each character is folded by itself. Gives the number of words. All arrays are filled, those of words, with room for one word a character, up to that number.
    """
    cdef int kind = PyUnicode_KIND(joined)
    cdef void* data = PyUnicode_DATA(joined)
    cdef Py_ssize_t table = classes.shape[0] - 2, block, i, start = 0, stop
    cdef const uint8_t* of = &classes[0]
    cdef int folded_kind = PyUnicode_KIND(folded) if folded is not None else 0
    cdef void* folded_data = PyUnicode_DATA(folded) if folded is not None else NULL
    cdef Words words = Words(0, &word_block[0], &word_hash[0], &word_length[0], &word_class[0])
    # Of even and of odd places: the same number raised again at once would have to wait for itself.
    cdef int64_t tally[2][16]
    for block in range(lengths.shape[0]):
        stop = start + lengths[block]
        for i in range(16):
            tally[0][i] = tally[1][i] = 0
        if kind == 1:
            fingerprint[block] = _read_block[uint8_t](
                &words, <const uint8_t*>data, folded_kind, folded_data, of, table, last_word_class, unspaced, block, start, stop, tally
            )
        elif kind == 2:
            fingerprint[block] = _read_block[uint16_t](
                &words, <const uint16_t*>data, folded_kind, folded_data, of, table, last_word_class, unspaced, block, start, stop, tally
            )
        else:
            fingerprint[block] = _read_block[uint32_t](
                &words, <const uint32_t*>data, folded_kind, folded_data, of, table, last_word_class, unspaced, block, start, stop, tally
            )
        for i in range(16):
            counts[block, i] = tally[0][i] + tally[1][i]
        first[block] = _class(of, table, PyUnicode_READ(kind, data, start))
        last[block] = _class(of, table, PyUnicode_READ(kind, data, stop - 2 if stop - 2 > start else start))
        start = stop
    return words.found


cdef fused Character:
    # As Python stores a string.
    uint8_t
    uint16_t
    uint32_t


cdef uint64_t _read_block(
    Words* words, const Character* text, int folded_kind, void* folded, const uint8_t* classes, Py_ssize_t table, int last_word_class,
    int unspaced, Py_ssize_t block, Py_ssize_t start, Py_ssize_t stop, int64_t[2][16] tally,
) noexcept:
    """Count the classes of a block's characters, and find its words. Gives its fingerprint."""
    cdef Py_ssize_t i, begin = -1
    cdef uint8_t cls, before = 255
    cdef uint64_t place = 1, value = 0, power = 1, fingerprint = 0
    for i in range(start, stop):
        cls = _class(classes, table, text[i])
        tally[i & 1][cls] += 1
        if cls <= last_word_class:
            if begin < 0:
                begin = i
                words.first[words.found] = cls
                value = 0
                power = 1
            value += (_folded(text[i], folded_kind, folded, i) + 1) * power
            power *= BASE
        else:
            if begin >= 0:
                fingerprint += _add(words, value, block, i - begin) * place
                place *= BASE
                begin = -1
            if cls == unspaced and before == unspaced:
                # Scripts without spaces: each pair of neighbouring characters stands for a word.
                words.first[words.found] = cls
                value = _folded(text[i - 1], folded_kind, folded, i - 1) + 1
                value += (_folded(text[i], folded_kind, folded, i) + 1) * BASE
                fingerprint += _add(words, value, block, 2) * place
                place *= BASE
        before = cls
    return fingerprint


cdef inline uint64_t _folded(uint32_t c, int folded_kind, void* folded, Py_ssize_t i) noexcept:
    """The character `c` at `i` folded."""
    return folded_character(c) if folded == NULL else PyUnicode_READ(folded_kind, folded, i)


cdef inline uint64_t _add(Words* words, uint64_t value, Py_ssize_t block, Py_ssize_t length) noexcept:
    """One word more; gives its hash."""
    cdef uint64_t hash = _mixed(value)
    words.hash[words.found] = hash
    words.block[words.found] = block
    words.length[words.found] = length
    words.found += 1
    return hash


cdef inline uint8_t _class(const uint8_t* classes, Py_ssize_t table, uint32_t code) noexcept:
    return classes[code if code < table else (table if code < 0x20000 else table + 1)]


cdef inline uint64_t _mixed(uint64_t value) noexcept:
    value = (value ^ (value >> 29)) * MIX
    return value ^ (value >> 32)


cdef class Look:
    """A look at a text for single characters, and for leads before one of the characters that may stand behind them."""

    cdef uint8_t seen[0x10000]
    # For each character a bit for each of the leads that it may stand behind.
    cdef uint64_t behind[0x10000]

    def __init__(self, str damage, dict leads):
        """`leads` has the characters behind each; they are at most 63."""
        if len(leads) > 63:
            raise ValueError(f"{len(leads)} leads are more than there are bits for")
        for c in damage:
            self.seen[ord(c)] |= 0x80
        for number, (lead, behind) in enumerate(leads.items(), 1):
            self.seen[ord(lead)] |= number
            for c in behind:
                self.behind[ord(c)] |= <uint64_t>1 << <int>number

    def at(self, str text):
        """1 where one of the characters is in the text, 2 where one of the leads is before one of its own, the sum where both are."""
        cdef int kind = PyUnicode_KIND(text), found = 0, seen, before = 0
        cdef void* data = PyUnicode_DATA(text)
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), i
        cdef uint32_t c
        if text.isascii():
            return 0
        for i in range(length):
            c = PyUnicode_READ(kind, data, i)
            if c < 0x80 or c >= 0x10000:
                before = 0
                continue
            seen = self.seen[c]
            if before and self.behind[c] >> before & 1:
                found |= 2
            found |= seen >> 7
            before = seen & 0x7F
        return found
