using Microsoft.Extensions.Options;

namespace Delivery.EmbeddedClickHouse;

/// <summary>The annotations of <see cref="EngineOptions"/>, in generated code.</summary>
[OptionsValidator]
internal sealed partial class EngineOptionsValidator : IValidateOptions<EngineOptions>;
