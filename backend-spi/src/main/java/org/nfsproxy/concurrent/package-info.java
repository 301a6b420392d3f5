/** One task for many who want it, places with a queue before them, answers within a time. */
package org.nfsproxy.concurrent;
