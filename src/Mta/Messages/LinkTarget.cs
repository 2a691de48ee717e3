namespace Delivery.Mta.Messages;

/// <summary>Where a rendered link leads.</summary>
internal enum LinkTarget
{
    /// <summary>An http or https URL that a click token can carry.</summary>
    Web,

    /// <summary>An http or https URL over the token's limit: left as it is.</summary>
    TooLong,

    /// <summary>Mail, phone, an app, or nothing at all: left as it is.</summary>
    Other,

    /// <summary>A script or inline document: replaced by "#".</summary>
    Harmful,
}
