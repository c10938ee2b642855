/* A disk that is full: writes under $STATIONLEAF_FULL_FOLDER, and the making of files and folders there by an
   absolute path, are counted, and fail with ENOSPC from the one numbered `first` to the one numbered `last`.
   The numbers are in the file $STATIONLEAF_FULL_CONTROL, which all processes share: count, first, last, failed
   (8 bytes each, host order); whoever has it changes them while the work goes on. A write that only overwrites
   fails as well, as on a file system that copies on write. Loaded with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static volatile uint64_t *control;
static const char *folder;
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("STATIONLEAF_FULL_CONTROL");
    folder = getenv("STATIONLEAF_FULL_FOLDER");
    int fd = path && folder ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *at = fd < 0 ? MAP_FAILED : mmap(0, 32, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0) close(fd);
    if (at != MAP_FAILED) control = at;
}

static int full_at(const char *path) {
    if (!control || strncmp(path, folder, strlen(folder))) return 0;
    uint64_t number = __atomic_add_fetch(&control[0], 1, __ATOMIC_SEQ_CST);
    if (number < control[1] || number > control[2]) return 0;
    __atomic_add_fetch(&control[3], 1, __ATOMIC_SEQ_CST);
    errno = ENOSPC;
    return 1;
}

static int full(int fd) {
    char link[64], path[4096];
    if (!control) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return full_at(path);
}

static int making(const char *path, int flags) {
    int unnamed = (flags & O_TMPFILE) == O_TMPFILE;
    return (unnamed || ((flags & O_CREAT) && access(path, F_OK))) && full_at(path);
}

#define OPEN(name)                                             \
    int name(const char *path, int flags, ...) {               \
        va_list more;                                          \
        va_start(more, flags);                                 \
        mode_t mode = va_arg(more, mode_t);                    \
        va_end(more);                                          \
        return making(path, flags) ? -1 : REAL(name)(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)
int mkdir(const char *path, mode_t mode) {
    return full_at(path) ? -1 : REAL(mkdir)(path, mode);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    return full(fd) ? -1 : REAL(pwrite64)(fd, data, size, at);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return full(fd) ? -1 : REAL(pwrite)(fd, data, size, at);
}
ssize_t write(int fd, const void *data, size_t size) {
    return full(fd) ? -1 : REAL(write)(fd, data, size);
}
int posix_fallocate(int fd, off_t at, off_t size) {
    return full(fd) ? ENOSPC : REAL(posix_fallocate)(fd, at, size);
}
int posix_fallocate64(int fd, off64_t at, off64_t size) {
    return full(fd) ? ENOSPC : REAL(posix_fallocate64)(fd, at, size);
}
