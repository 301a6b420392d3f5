/** What the instances of one proxy tell each other. Nobody else knows what carries it. */
@NullMarked
package org.nfsproxy.server.cluster;

import org.jspecify.annotations.NullMarked;
