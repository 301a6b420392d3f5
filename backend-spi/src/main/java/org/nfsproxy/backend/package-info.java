/** The SPI: what a backend implements, and what it is given. */
@NullMarked
package org.nfsproxy.backend;

import org.jspecify.annotations.NullMarked;
