// The stream of what is said outlives its token: before that ends it goes on over a new socket, and DirectLineJS,
// which would try again after up to 15 seconds, sees a single socket that stays.
const SIGNED_OUT = 4401; // how the tutor closes a stream whose session is over

export function lasting(line, signedOut) {
  let current = null;

  class Stream {
    #socket;
    #mark = null;

    constructor(address) {
      current = this;
      this.#join(address);
    }

    get readyState() {
      return this.#socket.readyState;
    }

    send(data) {
      this.#socket.send(data);
    }

    close() {
      this.#socket.close();
    }

    // Goes on over a new socket behind what was received; a socket that is lost already is DirectLineJS's to replace.
    goOn(address) {
      const before = this.#socket;
      if (before.readyState !== WebSocket.OPEN) return;
      before.onopen = before.onmessage = before.onclose = before.onerror = null;
      this.#join(this.#mark === null ? address : `${address}&watermark=${this.#mark}`);
      before.close();
    }

    #join(address) {
      const socket = (this.#socket = new WebSocket(address));
      socket.onopen = (event) => this.onopen?.(event);
      socket.onerror = (event) => this.onerror?.(event);
      socket.onclose = (event) => (event.code === SIGNED_OUT ? signedOut() : this.onclose?.(event));
      socket.onmessage = (event) => {
        if (event.data) this.#mark = JSON.parse(event.data).watermark ?? this.#mark;
        this.onmessage?.(event);
      };
    }
  }

  line.services.WebSocket = Stream;
  return (address) => current?.goOn(address);
}
