/* Preloaded into a kiosk: while the file named by FAULT_SWITCH exists, writes and syncs of files whose path holds
   FAULT_FILE fail: fsync and fdatasync with EIO in FAULT_SYNC, pwrite with ENOSPC in FAULT_WRITE of 1,000 calls.
   Whoever is in the process may also arm one fault with fault_arm: the nth such call from then on fails, and no other. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { NOTHING, WRITE, SYNC, OPEN };

static unsigned long long state;
static int armed_kind, armed_left;

void fault_arm(int kind, int nth) { armed_left = nth; armed_kind = kind; }

/* How many more calls the fault lets pass; 0 where it has struck. */
int fault_left(void) { return armed_kind == NOTHING ? 0 : armed_left; }

static int share(const char *name)
{
    const char *text = getenv(name);
    return text ? atoi(text) : 0;
}

static int is_armed(int kind, const char *path)
{
    const char *name = getenv("FAULT_FILE");

    if (armed_kind != kind || !name || !strstr(path, name) || --armed_left > 0) return 0;
    armed_kind = NOTHING;
    return 1;
}

static int is_due(int kind, int descriptor, int of_thousand)
{
    const char *on = getenv("FAULT_SWITCH"), *name = getenv("FAULT_FILE");
    char link[64], path[PATH_MAX];
    ssize_t length;

    if (!name || (armed_kind != kind && (!on || access(on, F_OK)))) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (is_armed(kind, path)) return 1;
    if (!strstr(path, name) || !on || access(on, F_OK)) return 0;
    if (!state) state = (unsigned long long)share("FAULT_SEED") * 2 + 1;
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (int)((state >> 33) % 1000) < of_thousand;
}

static int synced(int descriptor, const char *name)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);

    if (is_due(SYNC, descriptor, share("FAULT_SYNC"))) {
        errno = EIO;
        return -1;
    }
    return real(descriptor);
}

int fsync(int descriptor) { return synced(descriptor, "fsync"); }

int fdatasync(int descriptor) { return synced(descriptor, "fdatasync"); }

ssize_t pwrite64(int descriptor, const void *data, size_t size, off64_t at)
{
    ssize_t (*real)(int, const void *, size_t, off64_t) =
        (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");

    if (is_due(WRITE, descriptor, share("FAULT_WRITE"))) {
        errno = ENOSPC;
        return -1;
    }
    return real(descriptor, data, size, at);
}

ssize_t pwrite(int descriptor, const void *data, size_t size, off_t at) { return pwrite64(descriptor, data, size, at); }

int open64(const char *path, int flags, ...)
{
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
    va_list rest;
    mode_t mode;

    va_start(rest, flags);
    mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (is_armed(OPEN, path)) {
        errno = EIO;
        return -1;
    }
    return real(path, flags, mode);
}
