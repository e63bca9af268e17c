/** Revisions and payloads kept by the worker: fetched by hash, verified, bounded. */
@NullMarked
package dev.fanfare.cache;

import org.jspecify.annotations.NullMarked;
