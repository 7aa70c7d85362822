# cython: language_level=3
"""Python's strings, character by character, and named tuples."""

from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_SET_ITEM
from libc.stdint cimport uint32_t


cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    uint32_t PyUnicode_READ(int kind, void* data, Py_ssize_t index)
    int Py_UNICODE_ISSPACE(uint32_t character) nogil
    int Py_UNICODE_ISALNUM(uint32_t character) nogil
    int Py_UNICODE_ISPRINTABLE(uint32_t character) nogil
    uint32_t Py_UNICODE_TOLOWER(uint32_t character) nogil
    object PyUnicode_Substring(object text, Py_ssize_t start, Py_ssize_t end)
    object PyUnicode_FromKindAndData(int kind, const void* buffer, Py_ssize_t size)

    ctypedef struct PyTypeObject:
        object (*tp_alloc)(PyTypeObject* kind, Py_ssize_t items)


cdef inline uint32_t folded_ascii(uint32_t c) noexcept nogil:
    """An ASCII character as `rule.fold` writes it."""
    c += (c - c"A" < 26) << 5
    return c" " if c == c"\t" else c


cdef inline uint32_t folded_character(uint32_t c) noexcept nogil:
    """A character as `rule.fold` writes it, but for capital sigma, of which the end of a word makes another."""
    if c < 0x80:
        return folded_ascii(c)
    if c == 0x130:
        return c"i"
    return c" " if c == 0xA0 or c == 0x202F or c == 0x2009 else Py_UNICODE_TOLOWER(c)


cdef inline object typed(type named, tuple fields):
    """A named tuple of these fields."""
    cdef Py_ssize_t i, n = len(fields)
    made = (<PyTypeObject*>named).tp_alloc(<PyTypeObject*>named, n)
    for i in range(n):
        item = fields[i]
        Py_INCREF(item)
        PyTuple_SET_ITEM(made, i, item)
    return made
