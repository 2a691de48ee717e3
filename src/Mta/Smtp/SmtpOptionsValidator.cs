using Microsoft.Extensions.Options;

namespace Delivery.Mta.Smtp;

/// <summary>Checks the annotations of <see cref="SmtpOptions"/>; reports all that is wrong at once.</summary>
[OptionsValidator]
internal sealed partial class SmtpOptionsValidator : IValidateOptions<SmtpOptions>;
