// A stream of bytes that both sides can compute: the numbers of a 64-bit xorshift generator (13, 7, 17), each as eight bytes, low first.
#pragma once
#include <cstdint>
#include <cstring>

class Pattern {
public:
    explicit Pattern(uint64_t seed) : state_(seed) {}

    void fill(char* bytes, int length) {
        for (; length > 0 && offset_ < 8; length--) *bytes++ = static_cast<char>(state_ >> (8 * offset_++));
        for (; length >= 8; length -= 8, bytes += 8) {
            next();
            memcpy(bytes, &state_, 8);
        }
        if (length == 0) return;
        next();
        for (offset_ = 0; length > 0; length--) *bytes++ = static_cast<char>(state_ >> (8 * offset_++));
    }

private:
    void next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
    }

    uint64_t state_;
    int offset_ = 8;  // Bytes of the current number that are used up.
};
