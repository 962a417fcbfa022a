/* Preloaded into a kiosk: while the file named by FAULT_SWITCH exists, writes and syncs of files whose path holds
   FAULT_FILE fail: fsync and fdatasync with EIO in FAULT_SYNC, pwrite with ENOSPC in FAULT_WRITE of 1,000 calls. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static unsigned long long state;

static int share(const char *name)
{
    const char *text = getenv(name);
    return text ? atoi(text) : 0;
}

static int is_due(int descriptor, int of_thousand)
{
    const char *on = getenv("FAULT_SWITCH"), *name = getenv("FAULT_FILE");
    char link[64], path[PATH_MAX];
    ssize_t length;

    if (!on || !name || access(on, F_OK)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (!strstr(path, name)) return 0;
    if (!state) state = (unsigned long long)share("FAULT_SEED") * 2 + 1;
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (int)((state >> 33) % 1000) < of_thousand;
}

static int synced(int descriptor, const char *name)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);

    if (is_due(descriptor, share("FAULT_SYNC"))) {
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

    if (is_due(descriptor, share("FAULT_WRITE"))) {
        errno = ENOSPC;
        return -1;
    }
    return real(descriptor, data, size, at);
}

ssize_t pwrite(int descriptor, const void *data, size_t size, off_t at) { return pwrite64(descriptor, data, size, at); }
