/*
 * A request that waits for a user, checked.
 */

#ifndef ACQUIRE_FOR_USER_H
#define ACQUIRE_FOR_USER_H

#include "expect.h"

/* Acquires a token, which tells its user if one is expected. Frees the request. */
static void acquire_for_user(const gt_client *client, gt_request *request, int32_t expected)
{
    gt_token *token = NULL;
    GtStr text = none;

    EXPECT(expected, gt_client_acquire(client, request, NULL, &token, &error));
    if (expected == GT_STATUS_OK) {
        EXPECT(GT_STATUS_OK, gt_token_username(token, &text));
        if (text.len == 0) {
            fail(__LINE__, "the token has no user");
        }
    }
    gt_token_free(token);
    gt_request_free(request);
}

#endif
