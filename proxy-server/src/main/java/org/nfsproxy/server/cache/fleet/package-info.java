/**
 * How the instances of one proxy read a block from the origin once for all of them: each part of a
 * file has a home among them, which is asked before the origin is.
 */
@NullMarked
package org.nfsproxy.server.cache.fleet;

import org.jspecify.annotations.NullMarked;
