/* Notes every write, truncation, sync, removal and renaming of files under $STATIONLEAF_POWER_FOLDER, in their
   order, in $STATIONLEAF_POWER_LOG. Loaded with LD_PRELOAD; power_replay.py reads the log. A record is
   op (1 byte), length of the path, offset or size, length of the data (8 bytes each, host order), path, data.
   Writes are noted before they are made and syncs after they were: so a sync covers what stands before it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *folder;
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("STATIONLEAF_POWER_LOG");
    folder = getenv("STATIONLEAF_POWER_FOLDER");
    if (path && folder) log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void put(const void *data, size_t size) {
    ssize_t (*real)(int, const void *, size_t) = REAL(write);
    const char *at = data;
    while (size) {
        ssize_t done = real(log_fd, at, size);
        if (done <= 0) abort();
        at += done;
        size -= done;
    }
}

static void note(char op, const char *path, uint64_t at, const void *data, uint64_t size) {
    if (log_fd < 0 || strncmp(path, folder, strlen(folder))) return;
    uint64_t head[3] = {strlen(path), at, size};
    pthread_mutex_lock(&lock);
    put(&op, 1);
    put(head, sizeof head);
    put(path, head[0]);
    put(data, size);
    pthread_mutex_unlock(&lock);
}

static void note_fd(char op, int fd, uint64_t at, const void *data, uint64_t size) {
    char link[64], path[4096];
    if (log_fd < 0 || fd == log_fd) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    note(op, path, at, data, size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    note_fd('W', fd, at, data, size);
    return REAL(pwrite64)(fd, data, size, at);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    note_fd('W', fd, at, data, size);
    return REAL(pwrite)(fd, data, size, at);
}
ssize_t write(int fd, const void *data, size_t size) {
    off64_t at = lseek64(fd, 0, SEEK_CUR);
    if (at >= 0) note_fd('W', fd, at, data, size);
    return REAL(write)(fd, data, size);
}
int ftruncate64(int fd, off64_t size) {
    note_fd('T', fd, size, "", 0);
    return REAL(ftruncate64)(fd, size);
}
int ftruncate(int fd, off_t size) {
    note_fd('T', fd, size, "", 0);
    return REAL(ftruncate)(fd, size);
}
int fsync(int fd) {
    int done = REAL(fsync)(fd);
    if (!done) note_fd('S', fd, 0, "", 0);
    return done;
}
int fdatasync(int fd) {
    int done = REAL(fdatasync)(fd);
    if (!done) note_fd('S', fd, 0, "", 0);
    return done;
}
int unlink(const char *path) {
    note('U', path, 0, "", 0);
    return REAL(unlink)(path);
}
int rename(const char *from, const char *to) {
    note('R', from, 0, to, strlen(to));
    return REAL(rename)(from, to);
}
