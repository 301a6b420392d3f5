/** What all listening sockets have in common: why a port could not be had, and the cure. */
@NullMarked
package org.nfsproxy.server.socket;

import org.jspecify.annotations.NullMarked;
