// SPDX-License-Identifier: Apache-2.0
// libcurl sets and reads its options through variadic functions, which Swift does not import.
// Each wrapper below fixes the type of one kind of value.
#ifndef FORGE_CCURL_SHIM_H
#define FORGE_CCURL_SHIM_H

#include <curl/curl.h>

typedef size_t (*forge_curl_data_function)(char *bytes, size_t size, size_t count, void *context);
typedef int (*forge_curl_seek_function)(void *context, curl_off_t offset, int origin);

static inline CURLcode forge_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode forge_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

// libcurl copies the string.
static inline CURLcode forge_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode forge_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

// libcurl copies the bytes.
static inline CURLcode forge_curl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
    return curl_easy_setopt(handle, option, &blob);
}

static inline CURLcode forge_curl_set_data_function(
    CURL *handle, CURLoption option, forge_curl_data_function function
) {
    return curl_easy_setopt(handle, option, function);
}

static inline CURLcode forge_curl_set_seek_function(CURL *handle, forge_curl_seek_function function) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, function);
}

static inline CURLcode forge_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode forge_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

#endif
