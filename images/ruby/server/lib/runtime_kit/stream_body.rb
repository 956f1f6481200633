# frozen_string_literal: true

require 'puma'
require 'puma/server'

module RuntimeKit
  # A body that a function makes while it is sent. The first chunk is made before the answer begins,
  # so that an error until then still gets its own status.
  #
  # The function's loop runs in a fiber of ours, which can be ended: an enumerator's cannot, and `ensure`
  # in the function would never run when the client leaves.
  class StreamBody
    # Raised in the function's loop when nobody wants its chunks any more. Not a StandardError: it is no
    # failure of the function's.
    class Abandoned < Exception # rubocop:disable Lint/InheritException
      def initialize(message = 'the client has left')
        super
      end
    end

    # The function made more or less than it announced.
    class WrongLength < StandardError; end

    # @param chunks [#each]
    # @param call [Call] the call this body belongs to; ends with it
    # @param status [Integer] what the answer began with
    # @param length [Integer, nil] bytes that the answer announces
    def initialize(chunks, call, status, length = nil)
      @source = chunks
      @call = call
      @status = status
      @length = length
      @bytes = 0
    end

    # Makes the first chunk.
    # @return [StreamBody]
    def begin
      @fiber = Fiber.new do
        @source.each { |chunk| Fiber.yield(chunk.to_s) }
        nil
      end
      @first = following
      self
    end

    # Puma's side.
    # @yieldparam chunk [String]
    # @raise [Puma::ConnectionError] where the source fails: closes the connection without the mark
    #   that would make the answer look whole
    def each(&)
      @call.answering
      send_all(&)
      @call.finish(@status, @bytes)
    rescue DeadlineExceeded
      @call.finish(@status, @bytes, timed_out: true)
      raise Puma::ConnectionError
    rescue Puma::ConnectionError
      raise
    rescue Exception => e # rubocop:disable Lint/RescueException
      @call.fail(e, @status, @bytes)
      raise Puma::ConnectionError
    end

    # Called by Puma in any case, also when the client has gone.
    def close
      @call.limited { release }
    rescue DeadlineExceeded
      @call.finish(@status, @bytes, timed_out: true)
    rescue Exception => e # rubocop:disable Lint/RescueException
      @call.fail(e, @status, @bytes)
    ensure
      @call.finish(@status, @bytes)
    end

    private

    def send_all
      chunk = @first
      until chunk.nil?
        @bytes += chunk.bytesize
        refuse('more') if @length && @bytes > @length
        yield chunk
        chunk = following
      end
      refuse('less') if @length && @bytes < @length
    end

    def refuse(what)
      raise WrongLength, "the function set content-length to #{@length}, but its stream has #{what}"
    end

    # @return [String, nil] nil at the end
    def following
      @call.limited { @fiber.resume if @fiber.alive? }
    end

    def release
      @fiber.raise(Abandoned) if @fiber&.alive?
    rescue Abandoned
      nil
    ensure
      @source.close if @source.respond_to?(:close)
    end
  end
end
