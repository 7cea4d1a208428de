// A peer that speaks UDT with the C++ reference library, for the interop tests. It sends and receives a stream whose every byte both
// sides can compute, or speaks the framing of the first p2pcopy. Each line it prints is an event that the tests wait for:
//
//   bound port=N
//   connected
//   transferred sent=BYTES received=BYTES seconds=S cpu=S
//   closed code=N seconds=S        with --until-closed: how the connection ended, and how long after the transfer
//   failed what=... code=N         exit code 2 for an error of UDT, 3 for wrong bytes
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <udt/udt.h>

#include "udtpeer-framing.h"
#include "udtpeer-pattern.h"

namespace {

struct Options {
    std::string role, local = "127.0.0.1:0", peer, framing_send, framing_receive;
    int mss = 1500, window = 0, send_buffer = 0, receive_buffer = 0, chunk = 65536, limit = 170;
    int64_t send = 0, receive = 0;
    uint64_t send_seed = 1, receive_seed = 2;
    bool until_closed = false, hold = false;
};

Options options;

// Read by the library before main: it draws socket ids when it is loaded.
int64_t forced_isn = -1;

double now() {
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

double cpu_seconds() {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 1e-6 * (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

// Leaves at once: the library's own clean-up lingers for seconds over sockets that are closed already.
[[noreturn]] void leave(int code) {
    std::cout.flush();
    _exit(code);
}

[[noreturn]] void fail(const char* what) {
    std::cout << "failed what=" << what << " code=" << UDT::getlasterror().getErrorCode() << std::endl;
    leave(2);
}

void check(int result, const char* what) {
    if (result == UDT::ERROR) fail(what);
}

Options parse(int count, char** words) {
    Options parsed;
    parsed.role = count > 1 ? words[1] : "";
    for (int i = 2; i < count; i++) {
        const std::string name = words[i];
        if (name == "--until-closed") parsed.until_closed = true;
        else if (name == "--hold") parsed.hold = true;
        else if (++i == count) break;
        else if (name == "--local") parsed.local = words[i];
        else if (name == "--peer") parsed.peer = words[i];
        else if (name == "--mss") parsed.mss = atoi(words[i]);
        else if (name == "--window") parsed.window = atoi(words[i]);
        else if (name == "--send-buffer") parsed.send_buffer = atoi(words[i]);
        else if (name == "--receive-buffer") parsed.receive_buffer = atoi(words[i]);
        else if (name == "--chunk") parsed.chunk = atoi(words[i]);
        else if (name == "--limit") parsed.limit = atoi(words[i]);
        else if (name == "--send") parsed.send = atoll(words[i]);
        else if (name == "--receive") parsed.receive = atoll(words[i]);
        else if (name == "--isn") forced_isn = atoll(words[i]);
        else if (name == "--send-seed") parsed.send_seed = strtoull(words[i], nullptr, 10);
        else if (name == "--receive-seed") parsed.receive_seed = strtoull(words[i], nullptr, 10);
        else if (name == "--framing-send") parsed.framing_send = words[i];
        else if (name == "--framing-receive") parsed.framing_receive = words[i];
        else parsed.role = "";
    }
    return parsed;
}

struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Address resolve(const std::string& text) {
    const auto colon = text.rfind(':');
    auto host = text.substr(0, colon);
    if (!host.empty() && host.front() == '[') host = host.substr(1, host.size() - 2);
    addrinfo hints{}, *found = nullptr;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_DGRAM;
    if (getaddrinfo(host.c_str(), text.substr(colon + 1).c_str(), &hints, &found) != 0) fail("address");
    Address address;
    memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
    address.length = found->ai_addrlen;
    freeaddrinfo(found);
    return address;
}

UDTSOCKET open_bound() {
    const auto local = resolve(options.local);
    const auto socket = UDT::socket(local.get()->sa_family, SOCK_STREAM, 0);
    const auto set = [socket](UDT::SOCKOPT name, int value) { check(UDT::setsockopt(socket, 0, name, &value, sizeof value), "option"); };
    set(UDT_MSS, options.mss);
    if (options.window > 0) set(UDT_FC, options.window);
    // The library counts its buffers in bytes of packets without IP and UDP header.
    if (options.send_buffer > 0) set(UDT_SNDBUF, options.send_buffer * (options.mss - 28));
    if (options.receive_buffer > 0) set(UDT_RCVBUF, options.receive_buffer * (options.mss - 28));
    const bool rendezvous = options.role == "rendezvous";
    check(UDT::setsockopt(socket, 0, UDT_RENDEZVOUS, &rendezvous, sizeof rendezvous), "rendezvous");
    check(UDT::bind(socket, local.get(), local.length), "bind");
    return socket;
}

void print_port(UDTSOCKET socket) {
    sockaddr_storage local{};
    int length = sizeof local;
    check(UDT::getsockname(socket, reinterpret_cast<sockaddr*>(&local), &length), "getsockname");
    const auto port = local.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(local).sin6_port : reinterpret_cast<sockaddr_in&>(local).sin_port;
    std::cout << "bound port=" << ntohs(port) << std::endl;
}

UDTSOCKET connect() {
    const auto socket = open_bound();
    if (options.role == "listener") check(UDT::listen(socket, 8), "listen");
    print_port(socket);
    if (options.role == "listener") {
        const auto accepted = UDT::accept(socket, nullptr, nullptr);
        if (accepted == UDT::INVALID_SOCK) fail("accept");
        return accepted;
    }
    const auto peer = resolve(options.peer);
    check(UDT::connect(socket, peer.get(), peer.length), "connect");
    return socket;
}

void send_pattern(UDTSOCKET socket) {
    Pattern pattern(options.send_seed);
    std::vector<char> chunk(options.chunk);
    for (int64_t left = options.send; left > 0;) {
        const int wanted = static_cast<int>(std::min<int64_t>(left, options.chunk));
        pattern.fill(chunk.data(), wanted);
        for (int sent = 0; sent < wanted;) {
            const int now_sent = UDT::send(socket, chunk.data() + sent, wanted - sent, 0);
            check(now_sent, "send");
            sent += now_sent;
        }
        left -= wanted;
    }
}

void receive_pattern(UDTSOCKET socket) {
    Pattern pattern(options.receive_seed);
    std::vector<char> chunk(1 << 20), expected(chunk.size());
    for (int64_t received = 0; received < options.receive;) {
        const int wanted = static_cast<int>(std::min<int64_t>(options.receive - received, static_cast<int64_t>(chunk.size())));
        const int length = UDT::recv(socket, chunk.data(), wanted, 0);
        check(length, "receive");
        pattern.fill(expected.data(), length);
        if (memcmp(chunk.data(), expected.data(), length) != 0) {
            std::cout << "failed what=wrong-bytes code=0 after=" << received << std::endl;
            leave(3);
        }
        received += length;
    }
}

void wait_until_closed(UDTSOCKET socket) {
    const double start = now();
    char byte;
    while (UDT::recv(socket, &byte, 1, 0) != UDT::ERROR) continue;
    std::cout << "closed code=" << UDT::getlasterror().getErrorCode() << " seconds=" << now() - start << std::endl;
}

}  // namespace

// The library cannot be told its first sequence number, nor to call a stream what the first p2pcopy called it. So two functions
// that it takes from the C library are ours.
extern "C" int rand() noexcept {
    if (forced_isn >= 0) return static_cast<int>(forced_isn);
    using Real = int (*)();
    static const auto real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "rand"));
    return real();
}

extern "C" ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
    const bool framing = !options.framing_send.empty() || !options.framing_receive.empty();
    if (framing && message->msg_iovlen == 2 && message->msg_iov[1].iov_len == 48) {
        auto* header = static_cast<uint32_t*>(message->msg_iov[0].iov_base);
        auto* handshake = static_cast<uint32_t*>(message->msg_iov[1].iov_base);
        // A handshake; type 2, "message", is what the first p2pcopy sends although it streams.
        if (header[0] == htonl(0x80000000) && handshake[1] == htonl(1)) handshake[1] = htonl(2);
    }
    using Real = ssize_t (*)(int, const msghdr*, int);
    static const auto real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "sendmsg"));
    return real(descriptor, message, flags);
}

int main(int count, char** words) {
    options = parse(count, words);
    if (options.role != "caller" && options.role != "listener" && options.role != "rendezvous") {
        std::cerr << "usage: udtpeer caller|listener|rendezvous [--local A:P] [--peer A:P] [--send N] [--receive N] ...\n";
        return 1;
    }
    alarm(options.limit);  // A test that was killed leaves no peer behind.
    UDT::startup();
    const auto socket = connect();
    forced_isn = -1;
    std::cout << "connected" << std::endl;
    const double start = now();
    if (!options.framing_send.empty()) framing_send(socket, options.framing_send, check);
    else if (!options.framing_receive.empty()) framing_receive(socket, options.framing_receive, check);
    std::thread sending(send_pattern, socket);
    receive_pattern(socket);
    sending.join();
    if (options.until_closed) wait_until_closed(socket);
    std::string line;
    if (options.hold) std::getline(std::cin, line);
    UDT::close(socket);  // Waits until the peer has acknowledged everything.
    std::cout << "transferred sent=" << options.send << " received=" << options.receive << " seconds=" << now() - start
              << " cpu=" << cpu_seconds() << std::endl;
    leave(0);
}
