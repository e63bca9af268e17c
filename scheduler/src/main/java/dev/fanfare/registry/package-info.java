/** What is deployed: functions, their revisions and aliases. */
@NullMarked
package dev.fanfare.registry;

import org.jspecify.annotations.NullMarked;
