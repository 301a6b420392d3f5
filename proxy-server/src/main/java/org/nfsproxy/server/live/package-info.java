/**
 * What the live page and {@code top} show: the counters of {@code metrics} and {@code refusals},
 * read once in a while, and what was added since the look before. Counts nothing itself, and knows
 * nothing of HTTP.
 */
@NullMarked
package org.nfsproxy.server.live;

import org.jspecify.annotations.NullMarked;
