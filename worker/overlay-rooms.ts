/**
 * Memory for the overlays of Programs (core/memory-plan.ts). Nothing in an overlay outlives a replay, so Programs that are
 * replayed one after the other take turns in one room. Those that are replayed at once are given different ones.
 */
import type { Arena } from './arena.js';

export interface OverlayRoom {
  readonly address: number;
  readonly bytes: number;
}

export class OverlayRooms {
  readonly #users = new Map<OverlayRoom, number>();

  constructor(readonly arena: Arena) {}

  /** The smallest room of at least `bytes` that is not one of `others`, or a new one. @throws AdaptiveError 'memory' */
  take(bytes: number, others: ReadonlySet<OverlayRoom>): OverlayRoom {
    const fitting = [...this.#users.keys()].filter((room) => room.bytes >= bytes && !others.has(room));
    fitting.sort((a, b) => a.bytes - b.bytes);
    const room = fitting[0] ?? { address: this.arena.take(bytes), bytes };
    this.#users.set(room, (this.#users.get(room) ?? 0) + 1);
    return room;
  }

  /** Its memory goes with its last user. */
  giveBack(room: OverlayRoom): void {
    const users = (this.#users.get(room) ?? 0) - 1;
    if (users > 0) {
      this.#users.set(room, users);
      return;
    }
    this.#users.delete(room);
    this.arena.giveBack(room.address, room.bytes);
  }
}
