/** One task for many who want it, places with a queue before them, answers within a time. */
@NullMarked
package org.nfsproxy.concurrent;

import org.jspecify.annotations.NullMarked;
