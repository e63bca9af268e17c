/**
 * What channels are made of at their ends: events as bytes, windows, queues. No I/O: whoever owns a
 * {@link dev.fanfare.channel.Conversation} carries its bytes. Shared by the client, the runtimes
 * and the workers; not for programs.
 */
@NullMarked
package dev.fanfare.channel;

import org.jspecify.annotations.NullMarked;
