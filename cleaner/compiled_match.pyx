# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Where rules are to be looked for, compiled: `Keywords.attempts` is the twin of `match.attempts_in_python` and gives the same.

In the place of an automaton stand the keywords in their order. At each character of a text a look into a small set of bits
tells whether a keyword may begin there, which is seldom so; then the keywords that do are narrowed down letter by letter.

Nothing needs this module: where there was no compiler, the twin does the work."""

from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc
from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcmp

from compiled_strings cimport (
    Py_UNICODE_ISALNUM, Py_UNICODE_ISPRINTABLE, PyUnicode_DATA, PyUnicode_FromKindAndData, PyUnicode_GET_LENGTH, PyUnicode_KIND,
    PyUnicode_READ, folded_ascii, folded_character, typed
)

# Raised with every change of the arguments below, here and in `native`.
FORM = 1

cdef extern from *:
    """
    #ifdef __GNUC__
    #define prefetch(place) __builtin_prefetch(place)
    #else
    #define prefetch(place) ((void)(place))
    #endif
    """
    void prefetch(const void* place) noexcept nogil


cdef enum:
    OPENING = 4
    LONG = 6
    # Words of the filter of what any keyword may begin with.
    FIRST_WORDS = 2048
    # Bits of the filters of keywords of four and five letters, and of longer ones.
    MIDDLE_BITS = 16
    LONG_BITS = 19
    # A short keyword's place is made of so many of the low bits of its letters: 8, 5 and 3.
    SECOND = 32
    THIRD = 8
    FIRST_THIRD = 32
    SHORT_SLOTS = 65536
    SHORT_WORDS = 2048
    # Places that are looked at before any of them is looked at again.
    STRETCH = 256
    HALVES = 1
    SIGMA = 2


cdef fused Character:
    # As Python stores a string.
    uint8_t
    uint16_t
    uint32_t


cdef struct Opening:
    # The keywords `low` to `high` (exclusive) begin with these letters; `high` is 0 where the place is free.
    uint32_t letters[OPENING]
    int32_t low
    int32_t high


cdef struct Block:
    # Of the text that is looked at: where it begins and ends in the folded one, spaces in it, characters before it.
    Py_ssize_t start
    Py_ssize_t end
    Py_ssize_t spaces
    Py_ssize_t before
    bint odd


cdef class Found:
    """The rules found for a block, each once, and what keeps a rule from being tried."""

    cdef const int32_t[::1] most_words
    cdef const uint8_t[::1] of_head
    cdef Py_ssize_t head_chars, word_chars, count
    cdef int32_t* numbers  # twice the rule's, and one more where the block is one of its phrases
    cdef int32_t* last_block  # of each rule

    def __cinit__(self, const int32_t[::1] most_words, const uint8_t[::1] of_head, Py_ssize_t head_chars, Py_ssize_t word_chars):
        cdef Py_ssize_t i, rules = most_words.shape[0]
        self.most_words, self.of_head, self.head_chars, self.word_chars = most_words, of_head, head_chars, word_chars
        self.numbers = <int32_t*>PyMem_Malloc((2 * rules + 1) * sizeof(int32_t))
        if self.numbers == NULL:
            raise MemoryError
        self.last_block = self.numbers + rules
        for i in range(rules):
            self.last_block[i] = -1

    def __dealloc__(self):
        PyMem_Free(self.numbers)

    cdef void add(self, int32_t rule, bint whole, Py_ssize_t number, const Block* block) noexcept:
        """A rule is to be tried on block `number`, unless it was added before or does not apply."""
        cdef Py_ssize_t most = self.most_words[rule], at
        if self.last_block[rule] == number:
            return
        self.last_block[rule] = <int32_t>number
        if self.of_head[rule] and block.before > self.head_chars:
            return
        if most and (block.spaces >= most or block.end - block.start > self.word_chars * most + 20):
            return
        at = self.count
        while at and self.numbers[at - 1] > 2 * rule:
            self.numbers[at] = self.numbers[at - 1]
            at -= 1
        self.numbers[at] = 2 * rule + whole
        self.count += 1


cdef class Keywords:
    """The keywords of an index, and its phrases that are whole blocks."""

    cdef dict whole
    cdef Py_ssize_t words, openings_mask, keys_mask
    cdef uint32_t* letters
    cdef int32_t* start  # of each keyword in `letters`; one more than keywords
    cdef int32_t* owner_start
    cdef int32_t* owners
    cdef int32_t* short_start  # where in `short` the keywords of less than an opening's letters stand
    cdef int32_t* short
    cdef uint32_t[SHORT_WORDS] short_filter  # a bit for each slot where there are any
    cdef Opening* openings
    cdef uint64_t* keys  # hashes of the whole phrases
    cdef uint32_t[FIRST_WORDS] first_filter
    cdef uint32_t* middle_filter
    cdef uint32_t* long_filter

    def __cinit__(self, dict whole, list keywords, list woken):
        """`woken` are the numbers of the rules that each keyword wakes."""
        cdef Py_ssize_t i
        order = sorted(range(len(keywords)), key=keywords.__getitem__)
        self.whole = whole
        self.words = len(order)
        self.middle_filter = <uint32_t*>room_for(1 << MIDDLE_BITS - 5, sizeof(uint32_t))
        self.long_filter = <uint32_t*>room_for(1 << LONG_BITS - 5, sizeof(uint32_t))
        self.take_letters([keywords[i] for i in order])
        self.take_owners([woken[i] for i in order])
        self.take_short()
        self.take_openings()
        self.take_keys(list(whole))

    def __dealloc__(self):
        for room in (<size_t>self.letters, <size_t>self.start, <size_t>self.owner_start, <size_t>self.owners, <size_t>self.short_start,
                     <size_t>self.short, <size_t>self.openings, <size_t>self.keys, <size_t>self.middle_filter, <size_t>self.long_filter):
            PyMem_Free(<void*><size_t>room)

    cdef int take_letters(self, list keywords) except -1:
        cdef Py_ssize_t i, k, at = 0
        self.letters = <uint32_t*>room_for(sum(map(len, keywords)), sizeof(uint32_t))
        self.start = <int32_t*>room_for(self.words + 1, sizeof(int32_t))
        for i in range(self.words):
            word = <str>keywords[i]
            self.start[i] = <int32_t>at
            for k in range(PyUnicode_GET_LENGTH(word)):
                self.letters[at] = PyUnicode_READ(PyUnicode_KIND(word), PyUnicode_DATA(word), k)
                at += 1
        self.start[self.words] = <int32_t>at

    cdef int take_owners(self, list woken) except -1:
        cdef Py_ssize_t i, at = 0
        self.owner_start = <int32_t*>room_for(self.words + 1, sizeof(int32_t))
        self.owners = <int32_t*>room_for(sum(map(len, woken)), sizeof(int32_t))
        for i in range(self.words):
            self.owner_start[i] = <int32_t>at
            for owner in <tuple>woken[i]:
                self.owners[at] = owner
                at += 1
        self.owner_start[self.words] = <int32_t>at

    cdef void admit(self, const uint32_t* word, Py_ssize_t length) noexcept:
        """Let what begins with a keyword's first letters pass the first look, whatever follows where it has less than three."""
        cdef Py_ssize_t slot
        cdef uint32_t second, third
        for second in range(SECOND if length < 2 else 1):
            for third in range(FIRST_THIRD if length < 3 else 1):
                slot = first_slot(word[0], second if length < 2 else word[1], third if length < 3 else word[2])
                self.first_filter[slot >> 5] |= <uint32_t>1 << (slot & 31)

    cdef int take_short(self) except -1:
        """Group the keywords that have fewer letters than an opening by what tells them apart."""
        cdef Py_ssize_t i, slot, at = 0
        cdef dict grouped = {}
        cdef const uint32_t* word
        cdef Py_ssize_t second, third, length
        for i in range(self.words):
            word, length = self.letters + self.start[i], self.start[i + 1] - self.start[i]
            if 0 < length < OPENING:
                self.admit(word, length)
                # Where a keyword has no letter any may follow.
                for second in range(SECOND) if length < 2 else (word[1],):
                    for third in range(THIRD) if length < 3 else (word[2],):
                        slot = short_of(word[0], <uint32_t>second, <uint32_t>third)
                        grouped.setdefault(slot, []).append(i)
                        self.short_filter[slot >> 5] |= <uint32_t>1 << (slot & 31)
        self.short_start = <int32_t*>room_for(SHORT_SLOTS + 1, sizeof(int32_t))
        self.short = <int32_t*>room_for(sum(map(len, grouped.values())), sizeof(int32_t))
        for slot in range(SHORT_SLOTS):
            self.short_start[slot] = <int32_t>at
            for number in grouped.get(slot, ()):
                self.short[at] = number
                at += 1
        self.short_start[SHORT_SLOTS] = <int32_t>at

    cdef int take_openings(self) except -1:
        """Note the first letters of longer keywords, and which keywords have them."""
        cdef Py_ssize_t i, k, size = 16, distinct = 1
        cdef const uint32_t* word
        cdef uint64_t hash, longer
        cdef Opening* opening
        for i in range(1, self.words):
            distinct += not self.begins(i - 1, self.letters + self.start[i], 0, OPENING)
        while size < 2 * distinct:
            size *= 2
        self.openings_mask = size - 1
        self.openings = <Opening*>room_for(size, sizeof(Opening))
        for i in range(self.words):
            if self.start[i + 1] - self.start[i] < OPENING:
                continue
            word = self.letters + self.start[i]
            self.admit(word, OPENING)
            hash = opening_hash(word)
            if self.start[i + 1] - self.start[i] < LONG:
                self.middle_filter[hash >> 5 & (1 << MIDDLE_BITS - 5) - 1] |= <uint32_t>1 << (hash & 31)
            else:
                longer = long_hash(word, hash)
                self.long_filter[longer >> 5 & (1 << LONG_BITS - 5) - 1] |= <uint32_t>1 << (longer & 31)
            opening = self.opening(word, hash)
            if not opening.high:
                for k in range(OPENING):
                    opening.letters[k] = word[k]
                opening.low = <int32_t>i
            opening.high = <int32_t>(i + 1)

    cdef inline Opening* opening(self, const uint32_t* word, uint64_t hash) noexcept:
        """The place of the keywords that begin with these letters, or else the free one for them."""
        cdef Opening* found = self.opening_at(hash)
        while found.high and memcmp(found.letters, word, OPENING * sizeof(uint32_t)):
            found = self.openings + ((found - self.openings + 1) & self.openings_mask)
        return found

    cdef inline Opening* opening_at(self, uint64_t hash) noexcept:
        """Where such keywords are looked for first."""
        return self.openings + (<Py_ssize_t>(hash >> MIDDLE_BITS) & self.openings_mask)

    cdef int take_keys(self, list keys) except -1:
        """Note the hashes of the phrases that are whole blocks."""
        cdef Py_ssize_t size = 16, i, k
        cdef uint64_t hash
        while size < 2 * len(keys):
            size *= 2
        self.keys_mask = size - 1
        self.keys = <uint64_t*>room_for(size, sizeof(uint64_t))
        for i in range(len(keys)):
            key = <str>keys[i]
            hash = 0
            for k in range(PyUnicode_GET_LENGTH(key)):
                hash = hash_of(hash, PyUnicode_READ(PyUnicode_KIND(key), PyUnicode_DATA(key), k))
            self.keys[self.key_place(hash | 1)] = hash | 1

    cdef inline Py_ssize_t key_place(self, uint64_t hash) noexcept:
        cdef Py_ssize_t at = <Py_ssize_t>(hash >> 20) & self.keys_mask
        while self.keys[at] and self.keys[at] != hash:
            at = (at + 1) & self.keys_mask
        return at

    cdef int add_whole(self, object key, Found found, Py_ssize_t number, const Block* block) except -1:
        """The rules of which a phrase is the whole block."""
        owners = self.whole.get(key)
        if owners is not None:
            for owner in <tuple>owners:
                found.add(owner, True, number, block)

    cdef void wake(self, Py_ssize_t keyword, Found found, Py_ssize_t number, const Block* block) noexcept:
        cdef int32_t i
        for i in range(self.owner_start[keyword], self.owner_start[keyword + 1]):
            found.add(self.owners[i], False, number, block)

    cdef void look(self, const uint32_t* text, Found found, Py_ssize_t number, const Block* block) noexcept:
        """Find the keywords that begin in a block or with the line break before it. Zeros stand behind the text."""
        cdef Py_ssize_t start = block.start - 1, i, k, many, passed, slot
        cdef const uint32_t* at
        cdef int32_t[STRETCH] places
        while start < block.end:
            # First all places where a keyword may begin, without a branch that a processor could take wrongly: by a look that costs
            # little, then by one that lets less pass.
            many = 0
            for i in range(start, block.end if block.end - start < STRETCH else start + STRETCH):
                slot = first_slot(text[i], text[i + 1], text[i + 2])
                places[many] = <int32_t>i
                many += self.first_filter[slot >> 5] >> (slot & 31) & 1
            passed, many = many, 0
            for k in range(passed):
                at = text + places[k]
                slot = short_slot(at)
                places[many] = places[k]
                many += (self.may_begin(at, opening_hash(at)) | self.short_filter[slot >> 5] >> (slot & 31)) & 1
            for k in range(many):
                prefetch(self.opening_at(opening_hash(text + places[k])))
            for k in range(many):
                self.begin(text + places[k], found, number, block)
            start += STRETCH

    cdef inline uint32_t may_begin(self, const uint32_t* at, uint64_t hash) noexcept:
        """Odd where a keyword of at least an opening's letters may begin."""
        cdef uint64_t longer = long_hash(at, hash)
        return (
            self.middle_filter[hash >> 5 & (1 << MIDDLE_BITS - 5) - 1] >> (hash & 31)
            | self.long_filter[longer >> 5 & (1 << LONG_BITS - 5) - 1] >> (longer & 31)
        )

    cdef void begin(self, const uint32_t* at, Found found, Py_ssize_t number, const Block* block) noexcept:
        """Find the keywords that a text begins with."""
        cdef uint64_t hash = opening_hash(at)
        cdef Py_ssize_t slot = short_slot(at)
        cdef int32_t k
        if self.short_filter[slot >> 5] >> (slot & 31) & 1:
            for k in range(self.short_start[slot], self.short_start[slot + 1]):
                if self.begins(self.short[k], at, 0, OPENING):
                    self.wake(self.short[k], found, number, block)
        if self.may_begin(at, hash) & 1:
            self.narrow(at, self.opening(at, hash), found, number, block)

    cdef inline bint begins(self, Py_ssize_t keyword, const uint32_t* at, Py_ssize_t known, Py_ssize_t most) noexcept:
        """Whether a text begins with the first `most` letters of a keyword, of which so many are known to be there."""
        cdef Py_ssize_t k, length = self.start[keyword + 1] - self.start[keyword]
        cdef const uint32_t* word = self.letters + self.start[keyword]
        for k in range(known, length if length < most else most):
            if word[k] != at[k]:
                return False
        return True

    cdef void narrow(self, const uint32_t* at, const Opening* opening, Found found, Py_ssize_t number, const Block* block) noexcept:
        """Find the keywords of an opening that a text begins with."""
        cdef Py_ssize_t low = opening.low, high = opening.high, depth = OPENING
        while low < high:
            # Those of fewer letters come before those that go on.
            if self.start[low + 1] - self.start[low] == depth:
                self.wake(low, found, number, block)
                low += 1
            elif high - low == 1:
                if self.begins(low, at, depth, self.start[low + 1] - self.start[low]):
                    self.wake(low, found, number, block)
                return
            else:
                low = self.first_from(low, high, depth, at[depth])
                high = self.first_from(low, high, depth, at[depth] + 1)
                depth += 1

    cdef inline Py_ssize_t first_from(self, Py_ssize_t low, Py_ssize_t high, Py_ssize_t depth, uint32_t letter) noexcept:
        """The first of some keywords that has this letter or a higher one there; all have one."""
        cdef Py_ssize_t middle
        while low < high:
            middle = (low + high) // 2
            if self.letters[self.start[middle] + depth] < letter:
                low = middle + 1
            else:
                high = middle
        return low


def attempts(
    object texts, tuple indices, tuple rules, const int32_t[::1] most_words, const uint8_t[::1] of_head, type attempt, object edge_key,
    object fold_text, str edges, Py_ssize_t head_chars, Py_ssize_t word_chars, Py_ssize_t longest_phrase,
):
    """What is to be tried, by block and then by rule. `indices` are the `Keywords`, `attempt` is `match.Attempt`."""
    cdef Found found = Found(most_words, of_head, head_chars, word_chars)
    cdef Py_ssize_t number, i, n = len(texts), total = 1
    cdef Block* blocks = <Block*>room_for(n, sizeof(Block))
    cdef uint32_t* room = NULL
    cdef list made = []
    try:
        for number, text in enumerate(texts):
            blocks[number].before = total - 1 - number
            blocks[number].start = total
            blocks[number].end = total + PyUnicode_GET_LENGTH(text)
            total = blocks[number].end + 1
        # Zeros, of which no keyword has one, stand behind the text.
        room = <uint32_t*>room_for(total + LONG, sizeof(uint32_t))
        room[0] = c"\n"
        for number, text in enumerate(texts):
            write_folded(<str>text, room, &blocks[number], fold_text)
        for number, text in enumerate(texts):
            found.count = 0
            if blocks[number].end - blocks[number].start <= longest_phrase:
                look_whole(<str>text, room, indices, found, number, &blocks[number], edges, edge_key)
            for keywords in indices:
                (<Keywords>keywords).look(room, found, number, &blocks[number])
            for i in range(found.count):
                made.append(typed(attempt, (number, rules[found.numbers[i] >> 1], found.numbers[i] & 1 != 0)))
    finally:
        PyMem_Free(blocks)
        PyMem_Free(room)
    return made


def fold(str character):
    """What `rule.fold` makes of a single character."""
    return chr(folded_character(ord(character)))


cdef int write_folded(str text, uint32_t* room, Block* block, object fold_text) except -1:
    """Write a block's text as `rule.fold` makes it, and a line break behind it."""
    cdef int kind = PyUnicode_KIND(text), odd
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_ssize_t i, length = PyUnicode_GET_LENGTH(text)
    cdef uint32_t* at = room + block.start
    at[length] = c"\n"
    if kind == 1:
        odd = write_characters[uint8_t](<const uint8_t*>data, length, at, &block.spaces)
    elif kind == 2:
        odd = write_characters[uint16_t](<const uint16_t*>data, length, at, &block.spaces)
    else:
        odd = write_characters[uint32_t](<const uint32_t*>data, length, at, &block.spaces)
    block.odd = odd & HALVES != 0
    if odd & SIGMA:
        # How it is written small depends on what follows.
        text = fold_text(text)
        for i in range(length):
            if at[i] == 0x3C3:
                at[i] = PyUnicode_READ(PyUnicode_KIND(text), PyUnicode_DATA(text), i)


cdef int write_characters(const Character* text, Py_ssize_t length, uint32_t* at, Py_ssize_t* spaces) noexcept nogil:
    """Write characters folded, half ones as "?", and count the spaces. Tells whether HALVES or a capital SIGMA are among them."""
    cdef Py_ssize_t i, found = 0
    cdef int odd = 0
    cdef uint32_t c
    for i in range(length):
        c = text[i]
        if c < 0x80:
            found += c == c" "
            at[i] = folded_ascii(c)
            continue
        if c == 0x3A3:
            odd |= SIGMA
        elif 0xD800 <= c < 0xE000:
            odd |= HALVES
            c = c"?"
        at[i] = folded_character(c)
    spaces[0] = found
    return odd


cdef int look_whole(
    str text, const uint32_t* room, tuple indices, Found found, Py_ssize_t number, const Block* block, str edges, object edge_key
) except -1:
    """Find the rules of which a phrase is the whole block, but for its edges."""
    cdef Py_ssize_t start = block.start, end = block.end, i
    cdef uint64_t hash = 0
    cdef uint32_t c, before = 0
    cdef bint odd = block.odd
    cdef Keywords keywords
    while start < end and is_edge(room[start], edges):
        start += 1
    while start < end and is_edge(room[end - 1], edges):
        end -= 1
    if start == end and not odd:
        return 0
    odd = odd or not (Py_UNICODE_ISALNUM(room[start]) and Py_UNICODE_ISALNUM(room[end - 1]))
    for i in range(start, end):
        if odd:
            break
        c = room[i]
        odd = (c == c" " and before == c" ") or (not 0x20 <= c < 0x7F and not Py_UNICODE_ISPRINTABLE(c))
        hash = hash_of(hash, c)
        before = c
    key = edge_key(text) if odd else None
    for keywords in indices:
        if key is None:
            if not keywords.keys[keywords.key_place(hash | 1)]:
                continue
            keywords.add_whole(PyUnicode_FromKindAndData(4, room + start, end - start), found, number, block)
        else:
            keywords.add_whole(key, found, number, block)


cdef inline bint is_edge(uint32_t c, str edges) noexcept:
    cdef Py_ssize_t i
    if c"a" <= c <= c"z" or c"0" <= c <= c"9":
        return False
    for i in range(PyUnicode_GET_LENGTH(edges)):
        if PyUnicode_READ(PyUnicode_KIND(edges), PyUnicode_DATA(edges), i) == c:
            return True
    return False


cdef inline uint64_t hash_of(uint64_t before, uint32_t letter) noexcept nogil:
    """The hash of a text from that of all but its last letter."""
    before = (before ^ letter) * <uint64_t>0x9E3779B97F4A7C15ULL
    return before ^ before >> 32


cdef inline uint64_t opening_hash(const uint32_t* word) noexcept nogil:
    cdef uint64_t letters = word[0] ^ <uint64_t>word[1] << 16 ^ <uint64_t>word[2] << 32 ^ <uint64_t>word[3] << 48
    return letters * <uint64_t>0x9E3779B97F4A7C15ULL >> 24


cdef inline uint64_t long_hash(const uint32_t* word, uint64_t opening) noexcept nogil:
    return opening ^ (word[4] ^ <uint64_t>word[5] << 21) * <uint64_t>0xD6E8FEB86659FD93ULL >> 24


cdef inline Py_ssize_t first_slot(uint32_t first, uint32_t second, uint32_t third) noexcept nogil:
    """Six bits of the first letter, five of each of the others."""
    return (first % 64 << 10) | (second % SECOND << 5) | third % FIRST_THIRD


cdef inline Py_ssize_t short_slot(const uint32_t* word) noexcept nogil:
    return short_of(word[0], word[1], word[2])


cdef inline Py_ssize_t short_of(uint32_t first, uint32_t second, uint32_t third) noexcept nogil:
    return (first * SECOND + second % SECOND) * THIRD % SHORT_SLOTS + third % THIRD


cdef void* room_for(Py_ssize_t items, size_t size) except NULL:
    """Room for so many items, and for one where there is none; zeros."""
    cdef void* room = PyMem_Calloc(items if items > 0 else 1, size)
    if room == NULL:
        raise MemoryError
    return room
