# frozen_string_literal: true

require 'puma'
require 'puma/server'

module RuntimeKit
  # A body that a function makes while it is sent. The first chunk is made before the answer begins,
  # so that an error until then still gets its own status.
  class StreamBody
    # @param chunks [#each]
    # @param call [Call] the call this body belongs to; ends with it
    # @param status [Integer] what the answer began with
    def initialize(chunks, call, status)
      @chunks = chunks.is_a?(Enumerator) ? chunks : chunks.to_enum(:each)
      @source = chunks
      @call = call
      @status = status
      @bytes = 0
    end

    # Makes the first chunk.
    # @return [StreamBody]
    def begin
      @first = following
      self
    end

    # Puma's side.
    # @yieldparam chunk [String]
    # @raise [Puma::ConnectionError] where the source fails: closes the connection without the mark
    #   that would make the answer look whole
    def each
      @call.answering
      chunk = @first
      until chunk.nil?
        @bytes += chunk.bytesize
        yield chunk
        chunk = following
      end
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
      @source.close if @source.respond_to?(:close)
      @call.finish(@status, @bytes)
    end

    private

    # @return [String, nil] nil at the end
    def following
      @call.limited { @chunks.next.to_s }
    rescue StopIteration
      nil
    end
  end
end
