import 'adaptive-lm/define';
