/*
 * What a call has to do, checked; failures are printed and counted.
 */

#ifndef EXPECT_H
#define EXPECT_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "graphtoken.h"

/* How often a call did something else. */
static int failures;
/* Where EXPECT looks for the error object of the call. */
static gt_error *error;

static const GtStr none = {NULL, 0};

static GtStr text_of(const char *text)
{
    GtStr view;
    view.data = (const uint8_t *)text;
    view.len = strlen(text);
    return view;
}

static void fail(int line, const char *what)
{
    fprintf(stderr, "line %d: %s\n", line, what);
    failures++;
}

/* Checks the outcome of a call: the status, and that the error object says the same and has a message. */
static void expect(int32_t expected, int32_t status, const char *call, int line)
{
    GtStr message = none;

    if (status != expected) {
        fprintf(stderr, "line %d: %s: status %" PRId32 ", not %" PRId32 "\n", line, call, status, expected);
        failures++;
    }
    if (error != NULL) {
        if (gt_error_status(error) != status || gt_error_message(error, &message) != GT_STATUS_OK || message.len == 0) {
            fail(line, "the error object does not tell the status and a message");
        }
        gt_error_free(error);
        error = NULL;
    }
}

#define EXPECT(expected, call) expect((expected), (call), #call, __LINE__)

/* A call that makes a handle fails, leaves NULL in place of the handle, and takes NULL for either result. */
#define REFUSES(expected, type, function, ...)                                                                         \
    do {                                                                                                               \
        type *handle = (type *)(void *)&failures;                                                                      \
        EXPECT(expected, function(__VA_ARGS__, &handle, &error));                                                      \
        if (handle != NULL) {                                                                                          \
            fail(__LINE__, #function " left a stray handle");                                                          \
        }                                                                                                              \
        EXPECT(expected, function(__VA_ARGS__, &handle, NULL));                                                        \
        EXPECT(GT_STATUS_NULL_POINTER, function(__VA_ARGS__, NULL, &error));                                           \
        EXPECT(GT_STATUS_NULL_POINTER, function(__VA_ARGS__, NULL, NULL));                                             \
    } while (0)

/* A function that reads a value from a handle reads it, and takes NULL for neither. */
#define READS(type, function, handle)                                                                                  \
    do {                                                                                                               \
        type value;                                                                                                    \
        memset(&value, 0, sizeof value);                                                                               \
        EXPECT(GT_STATUS_OK, function(handle, &value));                                                                \
        EXPECT(GT_STATUS_NULL_POINTER, function(NULL, &value));                                                        \
        EXPECT(GT_STATUS_NULL_POINTER, function(handle, NULL));                                                        \
        EXPECT(GT_STATUS_NULL_POINTER, function(NULL, NULL));                                                          \
    } while (0)

/* The same for text, every byte of which must be readable. */
#define READS_TEXT(function, handle)                                                                                   \
    do {                                                                                                               \
        GtStr text = {NULL, 99};                                                                                       \
        READS(GtStr, function, handle);                                                                                \
        EXPECT(GT_STATUS_OK, function(handle, &text));                                                                 \
        if (text.len > 0 && memchr(text.data, 0, (size_t)text.len) != NULL) {                                          \
            fail(__LINE__, #function " has a zero byte");                                                              \
        }                                                                                                              \
    } while (0)

/* What no function takes for text, and the status that it gets. */
typedef struct BadText {
    GtStr text;
    int32_t status;
} BadText;

static const BadText bad_texts[] = {
    {{(const uint8_t *)"\xff\xfe", 2}, GT_STATUS_INVALID_ARGUMENT},
    {{(const uint8_t *)"a\xc3", 2}, GT_STATUS_INVALID_ARGUMENT},
    {{NULL, 1}, GT_STATUS_NULL_POINTER},
    {{(const uint8_t *)"a", UINT64_MAX}, GT_STATUS_INVALID_ARGUMENT},
};

#define EACH_BAD_TEXT(bad) for (bad = bad_texts; bad < bad_texts + sizeof bad_texts / sizeof *bad_texts; bad++)

#endif
