# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What language a text may be in, compiled: `FunctionWords.votes` is the twin of `language.votes_in_python`, `not_latin` that of
`language.not_latin_in_python`, `Scripts.counts` that of `language.scripts_in_python`, with the same values.

Nothing needs this module: where there was no compiler, the twins do the work."""

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from libc.stdint cimport uint32_t, uint64_t

from compiled_strings cimport (
    Py_UNICODE_ISSPACE, Py_UNICODE_TOLOWER, PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ, folded_ascii
)

# Raised with every change of the arguments below, here and in `native`.
FORM = 2

cdef enum:
    LONGEST = 16
    DOTTED_CAPITAL_I = 0x130
    CAPITAL_SIGMA = 0x3A3


cdef struct Word:
    # A function word and its number; a length of 0: none, the place is free.
    uint32_t letters[LONGEST]
    Py_ssize_t length
    Py_ssize_t number


cdef class FunctionWords:
    """Function words by their letters."""

    cdef Word* words
    cdef Py_ssize_t mask
    cdef list langs

    def __cinit__(self, dict by_word):
        """`by_word` has the languages of each word, which is written small and has no sigma."""
        cdef Py_ssize_t size = 16, i
        cdef Word* place
        cdef Word word
        while size < 4 * len(by_word):
            size *= 2
        self.mask = size - 1
        self.langs = list(by_word.values())
        self.words = <Word*>PyMem_Calloc(size, sizeof(Word))
        if self.words == NULL:
            raise MemoryError
        for number, text in enumerate(by_word):
            if not 0 < PyUnicode_GET_LENGTH(text) <= LONGEST:
                raise ValueError(f"{text!r} is too long for a function word")
            for i in range(PyUnicode_GET_LENGTH(text)):
                word.letters[i] = PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), i)
            word.length, word.number = PyUnicode_GET_LENGTH(text), number
            place = self.place(word.letters, word.length)
            place[0] = word

    def __dealloc__(self):
        PyMem_Free(self.words)

    cdef inline Word* place(self, const uint32_t* letters, Py_ssize_t length) noexcept:
        """The place that has a word, or else the free one for it."""
        cdef uint64_t hash = 0
        cdef Py_ssize_t i, at
        cdef Word* found
        for i in range(length):
            hash = (hash ^ letters[i]) * <uint64_t>0x9E3779B97F4A7C15ULL
            hash ^= hash >> 32
        at = <Py_ssize_t>hash & self.mask
        while True:
            found = &self.words[at]
            if not found.length:
                return found
            if found.length == length:
                for i in range(length):
                    if found.letters[i] != letters[i]:
                        break
                else:
                    return found
            at = (at + 1) & self.mask

    def votes(self, str sample):
        """How many of the words in a text are function words of each language, in the order in which they occur."""
        cdef int kind = PyUnicode_KIND(sample)
        cdef void* data = PyUnicode_DATA(sample)
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(sample), i, long = 0
        cdef uint32_t c
        cdef uint32_t letters[LONGEST]
        cdef Word* word
        cdef dict found = {}
        # How often each word was seen, and their numbers in the order in which they were first seen.
        cdef bytearray room = bytearray((len(self.langs) + 1) * sizeof(int))
        cdef int* counts = <int*><char*>room
        cdef list seen = []
        for i in range(length + 1):
            c = PyUnicode_READ(kind, data, i) if i < length else c" "
            if c > 0x20 and (c < 0x80 or not Py_UNICODE_ISSPACE(c)):
                if long < LONGEST:
                    # What these two are written small is no letter of any word here.
                    if c < 0x80:
                        letters[long] = folded_ascii(c)
                    else:
                        letters[long] = 0 if c == DOTTED_CAPITAL_I or c == CAPITAL_SIGMA else Py_UNICODE_TOLOWER(c)
                long += 1
            elif c <= 0x20 and not Py_UNICODE_ISSPACE(c):
                long = LONGEST + 1
            else:
                if 0 < long <= LONGEST:
                    word = self.place(letters, long)
                    if word.length:
                        if not counts[word.number]:
                            seen.append(word.number)
                        counts[word.number] += 1
                long = 0
        for number in seen:
            for lang in <tuple>self.langs[number]:
                found[lang] = found.get(lang, 0) + counts[<Py_ssize_t>number]
        return found


def not_latin(str text):
    """How many characters of a text are in the ranges of `language.NOT_LATIN`."""
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t i, found = 0
    cdef uint32_t c
    for i in range(PyUnicode_GET_LENGTH(text)):
        c = PyUnicode_READ(kind, data, i)
        found += 0x370 <= c < 0x2000 or 0x3040 <= c < 0xD7B0
    return found


cdef class Scripts:
    """Ranges of characters, at most 16, that do not overlap."""

    cdef uint32_t first[16]
    cdef uint32_t last[16]
    cdef int many

    def __init__(self, list ranges):
        if len(ranges) > 16:
            raise ValueError(f"{len(ranges)} ranges are more than there is room for")
        self.many = len(ranges)
        for i, (first, last) in enumerate(ranges):
            self.first[<int>i], self.last[<int>i] = first, last

    def counts(self, str text):
        """How many characters of a text are in each range."""
        cdef int kind = PyUnicode_KIND(text), r
        cdef void* data = PyUnicode_DATA(text)
        cdef Py_ssize_t i
        cdef Py_ssize_t found[16]
        cdef uint32_t c
        for r in range(self.many):
            found[r] = 0
        for i in range(PyUnicode_GET_LENGTH(text)):
            c = PyUnicode_READ(kind, data, i)
            if c < 0x80:
                continue
            for r in range(self.many):
                if self.first[r] <= c <= self.last[r]:
                    found[r] += 1
                    break
        return [found[r] for r in range(self.many)]
