# frozen_string_literal: true

require_relative 'cloud_event'
require_relative 'event_data'

module RuntimeKit
  # What `event[:extensions]` is. Members can be read as methods and by name.
  #
  # @!attribute request
  #   @return [Sinatra::Request]
  # @!attribute response
  #   @return [Sinatra::Response] what the function sets here is part of the answer
  # @!attribute cloudevent
  #   @return [Hash{String => Object}, nil] the attributes of a CloudEvent
  Extensions = Struct.new(:request, :response, :cloudevent)

  # Makes the first argument of a handler.
  module Event
    # @param env [Hash] a Rack environment
    # @return [Hash{Symbol => Object}] data, event-id, event-type, event-time, event-namespace,
    #   extensions (without request and response: those are the application's)
    # @raise [BadRequest]
    def self.from(env)
      attributes = CloudEvent.from_headers(env)
      data = EventData.read(env)
      attributes, data = CloudEvent.unpack(data) if CloudEvent::STRUCTURED.match?(env['CONTENT_TYPE'] || '')
      build(env, attributes, data)
    end

    def self.build(env, attributes, data)
      known = attributes || {}
      {
        data:,
        'event-id': env['HTTP_EVENT_ID'] || known['id'],
        'event-type': env['HTTP_EVENT_TYPE'] || known['type'],
        'event-time': env['HTTP_EVENT_TIME'] || known['time'],
        'event-namespace': env['HTTP_EVENT_NAMESPACE'] || known['source'],
        extensions: Extensions.new(nil, nil, attributes)
      }
    end
    private_class_method :build
  end
end
