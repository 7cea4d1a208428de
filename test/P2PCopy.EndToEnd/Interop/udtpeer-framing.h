// What the first p2pcopy (2016-2021) says inside its UDT stream. All numbers are little-endian, each field is a send of its own:
// the name's length (7 bits a byte, low first) with the name, the size (8 bytes), then blocks of at most 512 KiB: length (4 bytes),
// data; after each block the receiver sends a byte 1, and the sender waits for it.
#pragma once
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <udt/udt.h>

using Check = void (*)(int result, const char* what);

constexpr int kBlockSize = 512 * 1024;

inline void send_all(UDTSOCKET socket, const char* bytes, int length, Check check) {
    for (int sent = 0; sent < length;) {
        const int now = UDT::send(socket, bytes + sent, length - sent, 0);
        check(now, "send");
        sent += now;
    }
}

inline void receive_all(UDTSOCKET socket, char* bytes, int length, Check check) {
    for (int received = 0; received < length;) {
        const int now = UDT::recv(socket, bytes + received, length - received, 0);
        check(now, "receive");
        received += now;
    }
}

inline void framing_send(UDTSOCKET socket, const std::string& path, Check check) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    check(file ? 0 : UDT::ERROR, "open");
    int64_t left = file.tellg();
    file.seekg(0);
    const auto name = path.substr(path.rfind('/') + 1);
    std::string field;
    for (auto rest = name.size(); ; rest >>= 7) {
        field += static_cast<char>((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
        if (rest <= 0x7f) break;
    }
    field += name;
    send_all(socket, field.data(), static_cast<int>(field.size()), check);
    send_all(socket, reinterpret_cast<const char*>(&left), sizeof left, check);
    std::vector<char> block(kBlockSize);
    while (left > 0) {
        const int32_t length = static_cast<int32_t>(std::min<int64_t>(left, kBlockSize));
        file.read(block.data(), length);
        send_all(socket, reinterpret_cast<const char*>(&length), sizeof length, check);
        send_all(socket, block.data(), length, check);
        char confirmation = 0;
        receive_all(socket, &confirmation, 1, check);
        check(confirmation == 1 ? 0 : UDT::ERROR, "confirmation");
        left -= length;
    }
}

inline void framing_receive(UDTSOCKET socket, const std::string& folder, Check check) {
    size_t name_length = 0;
    for (int shift = 0; ; shift += 7) {
        unsigned char byte;
        receive_all(socket, reinterpret_cast<char*>(&byte), 1, check);
        name_length |= static_cast<size_t>(byte & 0x7f) << shift;
        if (byte < 0x80) break;
    }
    std::string name(name_length, '\0');
    receive_all(socket, &name[0], static_cast<int>(name_length), check);
    int64_t left = 0;
    receive_all(socket, reinterpret_cast<char*>(&left), sizeof left, check);
    std::ofstream file(folder + "/" + name, std::ios::binary);
    std::vector<char> block;
    while (left > 0) {
        int32_t length = 0;
        receive_all(socket, reinterpret_cast<char*>(&length), sizeof length, check);
        check(length >= 0 && length <= 4 << 20 ? 0 : UDT::ERROR, "length");  // The first p2pcopy's own limit.
        block.resize(length);
        receive_all(socket, block.data(), length, check);
        file.write(block.data(), length);
        check(file ? 0 : UDT::ERROR, "write");
        const char confirmation = 1;
        send_all(socket, &confirmation, 1, check);
        left -= length;
    }
    file.close();
}
