/**
 * The process: puts the parts together, starts and stops them. Nothing below knows this package.
 */
@NullMarked
package org.nfsproxy.server;

import org.jspecify.annotations.NullMarked;
