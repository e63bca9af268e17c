package dev.fanfare.platform;

import dev.fanfare.key.Scope;

/**
 * A key that was made before the platform.
 *
 * @param name what people call it
 */
public record KnownKey(String name, Scope scope, String text) {}
