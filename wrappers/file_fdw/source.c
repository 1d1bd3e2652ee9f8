/*
 * source.c - bytes of a file, a range of it, or a program's output, converted to UTF-8 where another encoding is declared.
 *
 * Invariants:
 *  1. buffer[start..end) is what was read and not consumed; SOURCE_PADDING spare bytes lie behind `capacity`.
 *  2. Every wait, for a program, a FIFO without a writer, a device, ends within 100 ms of a cancellation: descriptors never block.
 *  3. source_close leaves neither a descriptor nor a child behind, and waits for a child that ignores SIGTERM only for GRACE_MS.
 *
 * One thread at a time a Source.
 */
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "file_fdw.h"

enum { BUFFER_SIZE = 1 << 18, RAW_SIZE = 1 << 16, WAIT_MS = 100, CHILD_WAIT_MS = 5, GRACE_MS = 1000 };
static const size_t LONGEST_LINE = (size_t)1 << 30;

extern char **environ;

bool source_fail_open(FdwCall *call, const char *name)
{
    int reason = errno;
    bool usual = reason == ENOENT || reason == EACCES;
    FdwError error = {
        .sqlstate = reason == ENOENT    ? "58P01"
                    : reason == EACCES  ? "42501"
                    : reason == ENOTDIR ? "42809"
                                        : "58030",
        .message = file_text(call, "could not open file \"%s\" for reading: %s", name, strerror(reason)),
        .hint = usual ? "COPY FROM instructs the PostgreSQL server process to read a file. You may want a client-side facility such as "
                        "psql's \\copy."
                      : NULL,
    };
    return call->host->fail(call, &error);
}

static bool prepare(FdwCall *call, Source *source, const FileEncoding *encoding)
{
    source->capacity = BUFFER_SIZE;
    source->buffer = malloc(source->capacity + SOURCE_PADDING);
    if (!source->buffer)
        abort();
    if (!encoding)
        return true;
    source->raw = malloc(RAW_SIZE);
    if (!source->raw)
        abort();
    source->encoding = encoding;
    return encoding_open(call, encoding, &source->converter);
}

bool source_open_file(FdwCall *call, Source *source, const char *name, const FileEncoding *encoding, int64_t first, int64_t last)
{
    *source = (Source){.fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK), .name = name, .left = last < 0 ? -1 : last - first};
    struct stat status;
    if (source->fd < 0)
        return source_fail_open(call, name);
    if (fstat(source->fd, &status) < 0)
        return file_fail(call, "58030", "could not stat file \"%s\": %s", name, strerror(errno));
    if (S_ISDIR(status.st_mode))
        return file_fail(call, "42809", "\"%s\" is a directory", name);
    source->may_block = !S_ISREG(status.st_mode);
    if (first > 0 && lseek(source->fd, first, SEEK_SET) < 0)
        return file_fail(call, "58030", "could not seek in file \"%s\": %s", name, strerror(errno));
    return prepare(call, source, encoding);
}

/* The child leads a process group of its own, so that all it started can be ended with it. */
static bool spawn_shell(const char *command, int output, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigemptyset(&all);
    sigaddset(&all, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    char *arguments[] = {"sh", "-c", (char *)command, NULL};
    int result = posix_spawn(child, "/bin/sh", &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    errno = result;
    return result == 0;
}

bool source_open_program(FdwCall *call, Source *source, const char *command, const FileEncoding *encoding)
{
    *source = (Source){.fd = -1, .name = command, .left = -1};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return file_fail(call, "58030", "could not execute command \"%s\": %s", command, strerror(errno));
    source->fd = ends[0];
    source->may_block = true;
    bool ok = spawn_shell(command, ends[1], &source->child);
    close(ends[1]);
    if (!ok) {
        source->child = 0;
        return file_fail(call, "58030", "could not execute command \"%s\": %s", command, strerror(errno));
    }
    return prepare(call, source, encoding);
}

/* ---- reading ---- */

static bool fail_cancelled(FdwCall *call)
{
    return file_fail(call, "57014", "canceling statement due to user request");
}

/* A FIFO that nobody has opened for writing since we did has neither bytes nor an end: poll waits, as a blocking open would. */
static bool wait_for_bytes(FdwCall *call, Source *source)
{
    struct pollfd fd = {.fd = source->fd, .events = POLLIN};
    while (poll(&fd, 1, WAIT_MS) <= 0)
        if (call->host->cancelled(call))
            return fail_cancelled(call);
    return true;
}

/* Up to `room` bytes; *got 0: the end. */
static bool read_bytes(FdwCall *call, Source *source, char *to, size_t room, size_t *got)
{
    if (source->left >= 0 && (int64_t)room > source->left)
        room = (size_t)source->left;
    *got = 0;
    if (room == 0)
        return true;
    if (call->host->cancelled(call))
        return fail_cancelled(call);
    ssize_t result;
    do {
        if (source->may_block && !wait_for_bytes(call, source))
            return false;
        result = read(source->fd, to, room);
    } while (result < 0 && (errno == EINTR || (errno == EAGAIN && source->may_block)));
    if (result < 0)
        return file_fail(call, "58030", "could not read from COPY file: %s", strerror(errno));
    *got = (size_t)result;
    if (source->left >= 0)
        source->left -= result;
    return true;
}

static bool make_room(FdwCall *call, Source *source)
{
    if (source->start) {
        memmove(source->buffer, source->buffer + source->start, source->end - source->start);
        source->end -= source->start;
        source->start = 0;
    }
    if (source->capacity - source->end >= BUFFER_SIZE / 2)
        return true;
    if (source->capacity >= LONGEST_LINE)
        return file_fail(call, "54000", "a line of \"%s\" is longer than 1 GB", source->name);
    source->capacity *= 2;
    source->buffer = realloc(source->buffer, source->capacity + SOURCE_PADDING);
    if (!source->buffer)
        abort();
    return true;
}

/* Converts what is in `raw`; an incomplete character at its end waits for more. */
static bool convert(FdwCall *call, Source *source, bool last)
{
    EncodingChunk chunk = {source->raw, source->buffer + source->end, source->raw_length, source->capacity - source->end};
    bool ok = encoding_convert(call, source->encoding, source->converter, last, &chunk);
    source->end = (size_t)(chunk.out - source->buffer);
    memmove(source->raw, chunk.in, chunk.in_left);
    source->raw_length = chunk.in_left;
    return ok;
}

bool source_fill(FdwCall *call, Source *source)
{
    size_t got;
    if (!make_room(call, source))
        return false;
    if (!source->converter) {
        if (!read_bytes(call, source, source->buffer + source->end, source->capacity - source->end, &got))
            return false;
        source->end += got;
        source->at_end = got == 0;
        return true;
    }
    if (!read_bytes(call, source, source->raw + source->raw_length, RAW_SIZE - source->raw_length, &got))
        return false;
    bool full = source->raw_length == RAW_SIZE;
    source->raw_length += got;
    source->at_end = got == 0 && !full && source->raw_length == 0;
    return source->at_end || convert(call, source, got == 0 && !full);
}

/* ---- the end ---- */

static const char *exit_reason(FdwCall *call, int status)
{
    if (WIFSIGNALED(status))
        return file_text(call, "child process was terminated by signal %d: %s", WTERMSIG(status), strsignal(WTERMSIG(status)));
    if (WEXITSTATUS(status) == 126)
        return "command not executable";
    if (WEXITSTATUS(status) == 127)
        return "command not found";
    return file_text(call, "child process exited with exit code %d", WEXITSTATUS(status));
}

/* Waits so long for the program's end, or until the call is cancelled. */
static bool wait_for_child(FdwCall *call, Source *source, int milliseconds, int *status)
{
    struct timespec pause = {.tv_nsec = CHILD_WAIT_MS * 1000000};
    for (int waited = 0; waited < milliseconds; waited += CHILD_WAIT_MS) {
        pid_t ended = waitpid(source->child, status, WNOHANG);
        if (ended > 0 || (ended < 0 && errno != EINTR)) {
            source->child = 0;
            return true;
        }
        if (call && call->host->cancelled(call))
            return fail_cancelled(call);
        nanosleep(&pause, NULL);
    }
    return false;
}

static void end_child(Source *source)
{
    int status = 0;
    kill(-source->child, SIGTERM);
    if (wait_for_child(NULL, source, GRACE_MS, &status))
        return;
    kill(-source->child, SIGKILL);
    while (waitpid(source->child, &status, 0) < 0 && errno == EINTR)
        continue;
    source->child = 0;
}

bool source_finish(FdwCall *call, Source *source)
{
    if (!source->child)
        return true;
    close(source->fd);
    source->fd = -1;
    int status = 0;
    if (!wait_for_child(call, source, INT_MAX, &status))
        return false;
    bool stopped_writing =
        (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE) || (WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGPIPE);
    if (status == 0 || (source->was_cut && stopped_writing))
        return true;
    FdwError error = {
        .sqlstate = "38000", .message = file_text(call, "program \"%s\" failed", source->name), .detail = exit_reason(call, status)};
    return call->host->fail(call, &error);
}

void source_close(Source *source)
{
    if (source->fd >= 0)
        close(source->fd);
    source->fd = -1;
    if (source->child)
        end_child(source);
    if (source->converter)
        iconv_close(source->converter);
    free(source->raw);
    free(source->buffer);
    source->converter = NULL;
    source->raw = source->buffer = NULL;
}
