# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""What the compiled scan of a page's markup is made of: tags, attributes and texts as lexbor writes them, in UTF-32."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t

from compiled_strings cimport Py_UNICODE_ISSPACE


cdef enum:
    ROLE_SLOTS = 1024
    LONGEST_PACKED = 8


cdef struct Roles:
    # Of short tags, packed, what each does to the text around it; 0: none, the place is free.
    uint64_t packed[ROLE_SLOTS]
    int role[ROLE_SLOTS]


cdef inline uint64_t mixed(uint64_t value) noexcept nogil:
    return value * <uint64_t>0x9E3779B97F4A7C15ULL


cdef inline uint64_t packed(const uint32_t* name, Py_ssize_t length) noexcept nogil:
    """A short ASCII tag as a number, 0 for others."""
    cdef uint64_t found = 0
    cdef Py_ssize_t i
    if length > LONGEST_PACKED:
        return 0
    for i in range(length):
        if name[i] >= 0x80:
            return 0
        found = found << 8 | name[i]
    return found


cdef inline Py_ssize_t slot(const Roles* roles, uint64_t tag) noexcept nogil:
    """The place that has the tag, or else the free one for it."""
    cdef Py_ssize_t at = <Py_ssize_t>(mixed(tag) >> 54)
    while roles.packed[at] and roles.packed[at] != tag:
        at = (at + 1) % ROLE_SLOTS
    return at


cdef fused Character:
    # As Python stores a string.
    uint8_t
    uint16_t
    uint32_t


cdef inline Py_ssize_t without_comments(const Character* markup, Py_ssize_t length, uint32_t* result, Py_ssize_t* tags) noexcept nogil:
    """Copy markup, but not its comments; how long it is then, and how many "<" it has."""
    cdef Py_ssize_t at = 0, found = 0, end
    cdef bint closed = True
    while at < length:
        if markup[at] == c"<":
            if closed and at + 6 < length and markup[at + 1] == c"!" and markup[at + 2] == c"-" and markup[at + 3] == c"-":
                end = at + 4
                while end + 2 < length and not (markup[end] == c"-" and markup[end + 1] == c"-" and markup[end + 2] == c">"):
                    end += 1
                closed = end + 2 < length
                if closed:
                    at = end + 3
                    continue
            tags[0] += 1
        result[found] = markup[at]
        found += 1
        at += 1
    return found


cdef inline Py_ssize_t body_start(const uint32_t* markup, Py_ssize_t length) noexcept nogil:
    """Where the body's tag begins; the length where there is none."""
    cdef Py_ssize_t i
    for i in range(length - 4):
        if (
            markup[i] == c"<" and markup[i + 1] == c"b" and markup[i + 2] == c"o" and markup[i + 3] == c"d"
            and markup[i + 4] == c"y"
        ):
            return i
    return length


cdef inline bint ends_name(uint32_t c) noexcept nogil:
    return c == c"/" or c == c">" or Py_UNICODE_ISSPACE(c)


cdef inline Py_ssize_t attribute_end(const uint32_t* markup, Py_ssize_t at, Py_ssize_t length) noexcept nogil:
    """Where the attribute ends whose name begins at `at`, -1 where it is none: name="value"."""
    cdef Py_ssize_t i = value_end(markup, at + 1, length) if at < length and markup[at] == c"=" else -1
    return i if i >= 0 else value_end(markup, at, length)


cdef inline Py_ssize_t value_end(const uint32_t* markup, Py_ssize_t at, Py_ssize_t length) noexcept nogil:
    cdef uint32_t c
    while at < length:
        c = markup[at]
        if c == c"=" or c == c">" or Py_UNICODE_ISSPACE(c):
            break
        at += 1
    if at + 1 >= length or markup[at] != c"=" or markup[at + 1] != c'"':
        return -1
    at += 2
    while at < length:
        if markup[at] == c'"':
            return at + 1
        at += 1
    return -1


cdef inline uint32_t unescaped(const uint32_t* text, Py_ssize_t* at, Py_ssize_t length) noexcept nogil:
    """The character at `at`, which moves on behind it: one of lexbor's four escapes is one character."""
    cdef uint32_t c = text[at[0]]
    cdef const uint32_t* t = text + at[0]
    cdef Py_ssize_t left = length - at[0]
    at[0] += 1
    if c != c"&" or left < 4:
        return c
    if (t[1] == c"l" or t[1] == c"g") and t[2] == c"t" and t[3] == c";":
        at[0] += 3
        return c"<" if t[1] == c"l" else c">"
    if left >= 5 and t[1] == c"a" and t[2] == c"m" and t[3] == c"p" and t[4] == c";":
        at[0] += 4
        return c
    if left >= 6 and t[1] == c"n" and t[2] == c"b" and t[3] == c"s" and t[4] == c"p" and t[5] == c";":
        at[0] += 5
        return 0xA0
    return c


cdef inline Py_ssize_t collapsed(const uint32_t* text, Py_ssize_t length) noexcept nogil:
    """Characters left, without escapes, when each run of white space is one space, and none stands at the start."""
    cdef Py_ssize_t i = 0, count = 0, gaps = 0
    cdef uint32_t c = 0
    cdef bint space = True
    while i < length:
        c = unescaped(text, &i, length)
        if Py_UNICODE_ISSPACE(c):
            space = True
        else:
            if space and count:
                gaps += 1
            space = False
            count += 1
    return count + gaps + (c == c" ")


cdef inline Py_ssize_t folded(uint32_t* raw, Py_ssize_t* length) noexcept nogil:
    """Undo escapes and fold white space where it stands, as `scan.readable` does; where the text begins then."""
    cdef Py_ssize_t i = 0, at = 0
    cdef uint32_t c
    cdef bint odd = False, gap = False
    while i < length[0]:
        c = unescaped(raw, &i, length[0])
        if c >= 0x80 and Py_UNICODE_ISSPACE(c):
            odd = True
        raw[at] = c
        at += 1
    length[0], at = at, 0
    for i in range(length[0]):
        c = raw[i]
        if c <= 0x20 and (c == 0x20 or 9 <= c <= 13 and (c != 11 or not odd) or not odd and 0x1C <= c <= 0x1F):
            gap = True
        else:
            if gap and at:
                raw[at] = c" "
                at += 1
            gap = False
            # In its place at the latest: a space stands for one character or more.
            raw[at] = c
            at += 1
    i = 0
    if odd:
        while at and Py_UNICODE_ISSPACE(raw[at - 1]):
            at -= 1
        while i < at and Py_UNICODE_ISSPACE(raw[i]):
            i += 1
    if at - i >= 2 and raw[at - 1] == c"|" and raw[at - 2] == c" ":
        at -= 2
    length[0] = at - i
    return i
