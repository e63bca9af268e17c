/** The HTTP interface described by itself (OpenAPI 3.1). */
@NullMarked
package dev.fanfare.openapi;

import org.jspecify.annotations.NullMarked;
