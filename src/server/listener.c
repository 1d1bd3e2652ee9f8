/*
 * listener.c - the sockets clients come to, and who of them is trusted.
 *
 * Trusted (asked for no password): whoever comes over the Unix socket and is, by the kernel's word, the server's own user or root; and
 * everybody with --auth trust. All others show a password by SCRAM-SHA-256.
 *
 * Invariants:
 *  1. A Unix socket's file is taken over only when nobody answers on it.
 *  2. Who cannot be served, for want of descriptors, is let go of at once: a socket with somebody waiting wakes the loop again and again.
 * Entered by the loop thread only.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/server.h"

enum { MAX_SOCKETS = 16, BACKLOG = 1024 };

struct Listener {
    int fds[MAX_SOCKETS];
    size_t count;
    int spare;  /* a descriptor kept for when there are no others */
    char *path; /* of the Unix socket */
    bool trust;
};

void listener_close(Listener *listener)
{
    for (size_t i = 0; i < listener->count; i++)
        close(listener->fds[i]);
    if (listener->spare >= 0)
        close(listener->spare);
    listener->spare = -1;
    if (listener->path)
        unlink(listener->path);
    listener->count = 0;
    listener->path = NULL;
}

static void close_deferred(void *arg)
{
    listener_close(arg);
}

static bool is_answered(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answered = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    if (fd >= 0)
        close(fd);
    return answered;
}

static bool add_fd(Listener *listener, int fd, const char *what, Error *error)
{
    if (listener->count == MAX_SOCKETS || listen(fd, BACKLOG) != 0) {
        close(fd);
        return error_set(error, ERRCODE_IO_ERROR, "could not listen on %s: %s", what, strerror(errno));
    }
    listener->fds[listener->count++] = fd;
    return true;
}

static bool open_unix(Listener *listener, const ServerOptions *options, Arena *arena, Error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = arena_printf(arena, "%s/.s.PGSQL.%d", options->socket_directory, options->port);
    if (strlen(path) >= sizeof address.sun_path)
        return error_set(error, ERRCODE_IO_ERROR, "the path of the Unix socket is too long: %s", path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (is_answered(&address))
        return error_set(error, ERRCODE_OBJECT_IN_USE, "another server already answers on %s", path);
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        error_set(error, ERRCODE_IO_ERROR, "could not make the Unix socket %s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    chmod(path, 0777);
    listener->path = (char *)path;
    return add_fd(listener, fd, path, error);
}

static bool open_one(Listener *listener, const struct addrinfo *at, const char *what, Error *error)
{
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0)
        return error_set(error, ERRCODE_IO_ERROR, "could not make a socket for %s: %s", what, strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (at->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(fd, at->ai_addr, at->ai_addrlen) != 0) {
        error_set(error, ERRCODE_IO_ERROR, "could not bind %s: %s", what, strerror(errno));
        close(fd);
        return false;
    }
    return add_fd(listener, fd, what, error);
}

static bool open_tcp(Listener *listener, const ServerOptions *options, Arena *arena, Error *error)
{
    const char *what = arena_printf(arena, "address %s, port %d", options->address, options->port);
    const char *service = arena_printf(arena, "%d", options->port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    const char *host = strcmp(options->address, "*") == 0 ? NULL : options->address;
    int code = getaddrinfo(host, service, &hints, &found);
    if (code)
        return error_set(error, ERRCODE_IO_ERROR, "could not look up %s: %s", what, gai_strerror(code));
    bool done = true;
    for (const struct addrinfo *at = found; at && done; at = at->ai_next)
        done = open_one(listener, at, what, error);
    freeaddrinfo(found);
    return done;
}

Listener *listener_open(const ServerOptions *options, Arena *arena, Error *error)
{
    Listener *listener = ARENA_NEW(arena, Listener);
    listener->trust = options->trust;
    listener->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    arena_defer(arena, close_deferred, listener);
    if (options->socket_directory[0] && !open_unix(listener, options, arena, error))
        return NULL;
    if (options->address[0] && !open_tcp(listener, options, arena, error))
        return NULL;
    return listener;
}

size_t listener_count(const Listener *listener)
{
    return listener->count;
}

int listener_fd(const Listener *listener, size_t index)
{
    return listener->fds[index];
}

const char *listener_socket_path(const Listener *listener)
{
    return listener->path;
}

static void describe_tcp(int fd, const struct sockaddr_storage *address, SessionPeer *peer, Arena *arena)
{
    char text[INET6_ADDRSTRLEN] = "";
    int on = 1;
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;
        inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
        peer->port = ntohs(in->sin_port);
    } else {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
        inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
        peer->port = ntohs(in6->sin6_port);
    }
    peer->address = arena_strdup(arena, text);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

static bool is_own_user(int fd)
{
    struct ucred who;
    socklen_t len = sizeof who;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 && (who.uid == geteuid() || who.uid == 0);
}

/* The spare descriptor serves to take the next client from the queue, and to close it. */
static int turn_away(Listener *listener, size_t index)
{
    if (listener->spare >= 0)
        close(listener->spare);
    int fd = accept4(listener->fds[index], NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    listener->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return fd >= 0 ? LISTENER_TURNED_AWAY : -1;
}

int listener_accept(Listener *listener, size_t index, SessionPeer *peer, Arena *arena)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    int fd = accept4(listener->fds[index], (struct sockaddr *)&address, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return errno == EMFILE || errno == ENFILE ? turn_away(listener, index) : -1;
    *peer = (SessionPeer){.port = -1, .is_trusted = listener->trust};
    if (address.ss_family == AF_INET || address.ss_family == AF_INET6)
        describe_tcp(fd, &address, peer, arena);
    else
        peer->is_trusted |= is_own_user(fd);
    return fd;
}
