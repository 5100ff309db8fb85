package dev.cairn.backup.fs.audit;

import dev.cairn.backup.AuditPosition;

/**
 * What the state store remembers of a log, so that a log whose end was cut off does not look whole.
 *
 * @param chain the name of the chain
 * @param last the last acknowledged line
 * @param before the line before the first that must still be there; the start unless old files were let go
 */
public record Head(String chain, AuditPosition last, AuditPosition before) {

    static Head of(String chain) {
        return new Head(chain, AuditPosition.START, AuditPosition.START);
    }

    Head last(AuditPosition value) {
        return new Head(chain, value, before);
    }

    Head before(AuditPosition value) {
        return new Head(chain, last, value);
    }
}
