/** A backend's section of the configuration, and the problems found in it. */
@NullMarked
package org.nfsproxy.configuration;

import org.jspecify.annotations.NullMarked;
