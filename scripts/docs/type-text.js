/** Types and members as TypeScript writes them. */
import { ReflectionKind } from 'typedoc';

/** @param type one of TypeDoc's; its own text is enough for those that have no parts with documentation */
export function typeText(type, depth = 0) {
  if (!type) return 'unknown';
  switch (type.type) {
    case 'union': {
      const texts = type.types.map((each) => typeText(each, depth));
      return texts.some((text) => text.length > 60)
        ? texts.map((text) => `\n${indent(depth)}| ${text}`).join('')
        : texts.join(' | ');
    }
    case 'intersection':
      return type.types.map((each) => typeText(each, depth)).join(' & ');
    case 'array':
      return `${wrapped(type.elementType, depth)}[]`;
    case 'typeOperator':
      return `${type.operator} ${typeText(type.target, depth)}`;
    case 'reference':
      return type.name + typeArguments(type.typeArguments, depth);
    case 'reflection':
      return declarationText(type.declaration, depth);
    default:
      return type.toString();
  }
}

/** `(text: string, options?: PromptOptions): Promise<string>` */
export function signatureText(signature, arrow = ': ') {
  return `(${(signature.parameters ?? []).map(parameterText).join(', ')})${arrow}${typeText(signature.type)}`;
}

function parameterText({ name, type, flags, defaultValue }) {
  const named = name === '__namedParameters' ? 'options' : name;
  const optional = flags.isOptional || defaultValue !== undefined ? '?' : '';
  return `${flags.isRest ? '...' : ''}${named}${optional}: ${typeText(type)}`;
}

function declarationText(declaration, depth) {
  const signature = declaration.signatures?.[0];
  if (signature) return signatureText(signature, ' => ');
  const members = (declaration.children ?? []).map((member) => memberText(member, depth + 1));
  if (members.length === 0) return '{}';
  if (members.every((text) => !text.includes('\n')) && members.join(' ').length < 60) return `{ ${members.join(' ')} }`;
  return `{\n${members.map((text) => `${indent(depth + 1)}${text}\n`).join('')}${indent(depth)}}`;
}

function memberText({ name, type, flags, comment, signatures }, depth) {
  const said = comment ? `/** ${commentText(comment)} */\n${indent(depth)}` : '';
  const rest = signatures ? signatureText(signatures[0]) : `${flags.isOptional ? '?' : ''}: ${typeText(type, depth)}`;
  return `${said}${name}${rest};`;
}

export function commentText({ summary }) {
  return summary.map(({ text }) => text).join('');
}

function typeArguments(types, depth) {
  return types?.length > 0 ? `<${types.map((type) => typeText(type, depth)).join(', ')}>` : '';
}

function wrapped(type, depth) {
  const text = typeText(type, depth);
  return type.type === 'union' || type.type === 'typeOperator' ? `(${text})` : text;
}

function indent(depth) {
  return '  '.repeat(depth);
}

/** A member of a class or an interface, in one line if it is short. */
export function memberLine(parent, member) {
  const fixed = member.flags.isStatic ? 'static ' : '';
  const signature = member.signatures?.[0];
  if (member.kindOf(ReflectionKind.Constructor))
    return `new ${parent.name}${signatureText(signature).replace(/: \w+$/, '')}`;
  const name = `${fixed}${member.name}${member.flags.isOptional ? '?' : ''}`;
  if (signature) return name + signatureText(signature);
  return `${name}: ${typeText(member.type ?? member.getSignature?.type)}`;
}
